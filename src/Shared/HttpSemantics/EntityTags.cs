namespace RedisResilience.HttpSemantics;

/// <summary>Entity tags (RFC 9110, section 8.8.3) and how they are compared.</summary>
internal static class EntityTags
{
    /// <summary>Whether a list, as in <c>If-None-Match</c>, names a tag or is a star. Weak and strong tags of one name are the same
    /// here.</summary>
    public static bool Contains(IEnumerable<string?> lines, string? tag)
    {
        foreach (var line in lines)
        {
            var rest = line.AsSpan();
            while (!rest.IsEmpty)
            {
                var element = FieldText.NextElement(ref rest);
                if (element is "*" || (tag is not null && !element.IsEmpty && Opaque(element).SequenceEqual(Opaque(tag))))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether two tags are strong and the same: what a range needs.</summary>
    public static bool AreSameAndStrong(ReadOnlySpan<char> first, ReadOnlySpan<char> second) =>
        first.StartsWith('"') && first.SequenceEqual(second);

    private static ReadOnlySpan<char> Opaque(ReadOnlySpan<char> tag) => tag.StartsWith("W/") ? tag[2..] : tag;
}
