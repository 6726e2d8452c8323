using Microsoft.AspNetCore.Http;

namespace RedisResilience.AspNetCore.Caching.Keys;

/// <summary>The tags of an endpoint's entries, made from route values.</summary>
internal sealed class EntryTags(CacheKeyTemplate[] templates)
{
    public static readonly EntryTags None = new([]);

    public bool IsEmpty => templates.Length == 0;

    /// <summary>The tags of a request's entry; null when one of them cannot be made.</summary>
    public string[]? Of(HttpContext context)
    {
        var tags = new string[templates.Length];
        Span<char> buffer = stackalloc char[KeyWriter.BufferLength];
        for (var index = 0; index < tags.Length; index++)
        {
            var tag = new KeyWriter(buffer, ignoresCase: false);
            var isWhole = templates[index].TryAppend(ref tag, context);
            tags[index] = tag.ToKey();
            if (!isWhole || !RedisKeyLimits.IsValid(tags[index]))
            {
                return null;
            }
        }

        return tags;
    }
}
