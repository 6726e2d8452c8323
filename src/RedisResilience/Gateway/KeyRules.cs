namespace RedisResilience.Gateway;

/// <summary>Refuses keys that could not be what their caller meant, before Redis is asked.</summary>
internal static class KeyRules
{
    public static void Validate(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (key.Length > RedisKeyLimits.MaximumLength)
        {
            throw new ArgumentException($"A key has at most {RedisKeyLimits.MaximumLength} characters; this one has {key.Length}.", nameof(key));
        }

        if (HasControlCharacter(key))
        {
            throw new ArgumentException("A key has no control characters.", nameof(key));
        }

        if (HasBrokenSurrogate(key))
        {
            throw new ArgumentException("A key is well-formed UTF-16: a surrogate stands without its other half.", nameof(key));
        }
    }

    public static bool HasControlCharacter(ReadOnlySpan<char> text) =>
        text.ContainsAnyInRange('\u0000', '\u001f') || text.ContainsAnyInRange('\u007f', '\u009f');

    private static bool HasBrokenSurrogate(ReadOnlySpan<char> text)
    {
        var index = text.IndexOfAnyInRange('\ud800', '\udfff');
        while (index >= 0)
        {
            if (index + 1 >= text.Length || !char.IsSurrogatePair(text[index], text[index + 1]))
            {
                return true;
            }

            text = text[(index + 2)..];
            index = text.IndexOfAnyInRange('\ud800', '\udfff');
        }

        return false;
    }
}
