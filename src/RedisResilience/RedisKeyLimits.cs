using RedisResilience.Caching.Distributed;

namespace RedisResilience;

/// <summary>The rules for keys. They are the same for rate limits and cached responses, with Redis and without it.</summary>
public static class RedisKeyLimits
{
    /// <summary>The longest key, in UTF-16 characters and without the prefix: 1024. Redis itself would take 512 MB.</summary>
    public const int MaximumLength = 1024;

    /// <summary>
    /// Whether the limiter and the cache take a text as a key: 1 to <see cref="MaximumLength"/> characters of clean text. Use it to check
    /// text from a client.
    /// </summary>
    /// <param name="key">The text.</param>
    public static bool IsValid(ReadOnlySpan<char> key) => key.Length is > 0 and <= MaximumLength && IsCleanText(key);

    /// <summary>Whether a text, whatever its length, has no control characters and is well-formed UTF-16.</summary>
    /// <param name="text">The text.</param>
    public static bool IsCleanText(ReadOnlySpan<char> text) => !HasControlCharacter(text) && !HasBrokenSurrogate(text);

    internal static bool HasControlCharacter(ReadOnlySpan<char> text) =>
        text.ContainsAnyInRange('\u0000', '\u001f') || text.ContainsAnyInRange('\u007f', '\u009f');

    internal static bool HasBrokenSurrogate(ReadOnlySpan<char> text)
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

    /// <summary> Makes a valid key of any text, even text from a client. Different texts never become the same key. </summary>
    /// <param name="prefix">The beginning of the key. It must be valid in a key.</param>
    /// <param name="text">
    /// Any text. Characters that a key cannot have are escaped. A text that is too long is replaced by its SHA-256.
    /// </param>
    public static string ToKey(string prefix, string text)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentNullException.ThrowIfNull(text);
        return ForeignKey.Make(prefix, text);
    }
}
