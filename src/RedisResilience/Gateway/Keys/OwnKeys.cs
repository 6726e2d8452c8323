namespace RedisResilience.Gateway.Keys;

/// <summary>
/// The library's own keys. An application's key that looks like one of them is stored under another name, so that the two never collide.
/// </summary>
internal static class OwnKeys
{
    /// <summary>The beginning of all own keys that are not side keys of an entry.</summary>
    public const string Word = "redisresilience:";

    /// <summary>The mark after a namespace that was given up: <c>predictions:v1@67a…:AAPL</c>.</summary>
    public const char Mark = '@';

    /// <summary>The beginning of the keys of entries that must not have their own key.</summary>
    public const string Entry = Word + "entry";

    private const string RateLimit = "ratelimit:";
    private const string SideKeyEnd = "}:";

    /// <summary>Whether an application's key looks like one that the library makes: its own, a limit's, a side key, or one of a namespace
    /// that was given up.</summary>
    public static bool Claim(ReadOnlySpan<char> key) =>
        key.StartsWith(Word) || key.StartsWith(RateLimit) || (key[0] == '{' && IsSideKey(key)) || (key.Contains(Mark) && HasMark(key));

    private static bool IsSideKey(ReadOnlySpan<char> key)
    {
        var close = key.LastIndexOf(SideKeyEnd);
        return close > 0 && SideKey.IsName(key[(close + SideKeyEnd.Length)..]);
    }

    // A mark follows a version: :v1@.
    private static bool HasMark(ReadOnlySpan<char> key)
    {
        for (var at = key.IndexOf(Mark); at >= 0; at = key.IndexOf(Mark))
        {
            var digits = at;
            while (digits > 0 && char.IsAsciiDigit(key[digits - 1]))
            {
                digits--;
            }

            if (digits < at && digits >= 2 && key[digits - 1] == 'v' && key[digits - 2] == ':')
            {
                return true;
            }

            key = key[(at + 1)..];
        }

        return false;
    }
}
