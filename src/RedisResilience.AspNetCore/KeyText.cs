namespace RedisResilience.AspNetCore;

/// <summary>Tells keys that the limiter and the cache would refuse, so that no client can make them throw.</summary>
internal static class KeyText
{
    public static bool IsAllowed(ReadOnlySpan<char> key) =>
        key.Length is > 0 and <= RedisKeyLimits.MaximumLength && !HasControlCharacter(key) && !HasBrokenSurrogate(key);

    private static bool HasControlCharacter(ReadOnlySpan<char> text) =>
        text.ContainsAnyInRange('\u0000', '\u001f') || text.ContainsAnyInRange('\u007f', '\u009f');

    private static bool HasBrokenSurrogate(ReadOnlySpan<char> text)
    {
        for (var index = text.IndexOfAnyInRange('\ud800', '\udfff'); index >= 0; index = text.IndexOfAnyInRange('\ud800', '\udfff'))
        {
            if (index + 1 == text.Length || !char.IsSurrogatePair(text[index], text[index + 1]))
            {
                return true;
            }

            text = text[(index + 2)..];
        }

        return false;
    }
}
