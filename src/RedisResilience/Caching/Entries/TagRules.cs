using RedisResilience.Gateway;

namespace RedisResilience.Caching.Entries;

/// <summary>What a tag may be: the same as a key. And how many an entry may have: each is asked for.</summary>
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
