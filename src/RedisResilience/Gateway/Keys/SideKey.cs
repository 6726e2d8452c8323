namespace RedisResilience.Gateway.Keys;

/// <summary>A key beside another key, always in the same slot: <c>{predictions:v1:AAPL}:lease</c>.</summary>
/// <remarks>It begins with the prefix, or with a brace and the prefix, so that two patterns of an ACL cover it.</remarks>
internal static class SideKey
{
    /// <summary>The right to fill an entry.</summary>
    public const string Lease = "lease";

    /// <summary>The second place of what must not be lost.</summary>
    public const string Copy = "copy";

    public static bool IsName(ReadOnlySpan<char> name) => name is Lease or Copy;

    /// <param name="prefix">Where the application's keys begin.</param>
    /// <param name="key">The key, without the prefix.</param>
    /// <param name="name">The purpose of the side key.</param>
    public static string Of(string prefix, string key, string name)
    {
        var whole = prefix + key;
        if (!whole.Contains('}', StringComparison.Ordinal))
        {
            return $"{{{whole}}}:{name}";
        }

        // A hash tag of the key's own is what its slot comes from; with braces that are none, the whole key is, and cannot be a tag itself.
        var open = whole.IndexOf('{', StringComparison.Ordinal);
        var close = open < 0 ? -1 : whole.IndexOf('}', open);
        return close > open + 1
            ? $"{prefix}{OwnKeys.Word}{name}:{key}"
            : $"{prefix}{OwnKeys.Word}{name}-slot:{{{SlotTags.For(HashSlot.Of(whole))}}}:{key}";
    }
}
