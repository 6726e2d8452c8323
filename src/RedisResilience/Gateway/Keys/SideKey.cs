namespace RedisResilience.Gateway.Keys;

/// <summary>A key that stands beside another, in the same slot whatever that one looks like: <c>{predictions:v1:AAPL}:lease</c>.</summary>
internal static class SideKey
{
    /// <param name="key">The whole key, as it stands in Redis.</param>
    /// <param name="name">What the side key is for.</param>
    public static string Of(string key, string name)
    {
        if (!key.Contains('}', StringComparison.Ordinal))
        {
            return $"{{{key}}}:{name}";
        }

        // A hash tag of the key's own is what its slot comes from; with braces that are none, the whole key is, and cannot be a tag itself.
        var open = key.IndexOf('{', StringComparison.Ordinal);
        var close = open < 0 ? -1 : key.IndexOf('}', open);
        var tag = close > open + 1 ? key[(open + 1)..close] : SlotTags.For(HashSlot.Of(key));
        return $"{{{tag}}}:{name}:{key}";
    }
}
