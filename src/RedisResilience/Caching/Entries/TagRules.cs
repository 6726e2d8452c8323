using RedisResilience.Gateway;

namespace RedisResilience.Caching.Entries;

/// <summary>
/// The rules for tags. A tag follows the rules of a key. The number of tags of an entry is bounded, because each one is looked up.
/// </summary>
internal static class TagRules
{
    private const int MaximumCount = 16;

    public static IReadOnlyList<string>? Valid(IReadOnlyList<string>? tags)
    {
        if (tags?.Count > MaximumCount)
        {
            throw new ArgumentException($"An entry has at most {MaximumCount} tags; this one has {tags.Count}.", nameof(tags));
        }

        foreach (var tag in tags ?? [])
        {
            KeyRules.Validate(tag);
        }

        return tags;
    }
}
