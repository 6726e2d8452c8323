using RedisResilience.Caching.Entries;

namespace RedisResilience.Caching.Reading;

/// <summary>The entity tags of the bodies that a client has, as listed in <c>If-None-Match</c>.</summary>
internal static class HeldTags
{
    /// <summary>
    /// Whether the list contains a tag: unchanged, as a weak tag, or with the suffix of a coding of the same body (<c>"…-br"</c>).
    /// </summary>
    public static bool Name(ReadOnlySpan<char> list, ReadOnlySpan<char> tag)
    {
        tag = tag.StartsWith("W/") ? tag[2..] : tag;
        if (tag is not ['"', .., '"'])
        {
            return false;
        }

        var open = tag[..^1];
        for (var at = list.IndexOf(open); at >= 0; at = list.IndexOf(open))
        {
            list = list[(at + open.Length)..];
            if (list is ['"' or '-', ..])
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc cref="Name(ReadOnlySpan{char}, ReadOnlySpan{char})"/>
    public static bool Name(ReadOnlySpan<char> list, ResponseDescription description) =>
        Name(list, description.ETag ?? description.BodyETag);
}
