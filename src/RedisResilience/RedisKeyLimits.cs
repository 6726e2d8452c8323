using RedisResilience.Caching.Distributed;

namespace RedisResilience;

/// <summary>What a key may be. The same rules hold for rate limits and cached responses, with Redis and without.</summary>
public static class RedisKeyLimits
{
    /// <summary>The longest key, in UTF-16 characters and without the prefix: 1024. Redis itself would take 512 MB.</summary>
    public const int MaximumLength = 1024;

    /// <summary>
    /// Whether the limiter and the cache take a text as a key: 1 to <see cref="MaximumLength"/> characters of clean text. To be asked about
    /// text that a client chose.
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

    /// <summary>
    /// Makes of any text, also one that a client chose, a key that the cache and the limiter take. Different texts never become the same
    /// key.
    /// </summary>
    /// <param name="prefix">Stands before it, and is a key's beginning already.</param>
    /// <param name="text">Any text. What a key cannot have is escaped; a text that is too long stands there by its SHA-256.</param>
    public static string ToKey(string prefix, string text)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentNullException.ThrowIfNull(text);
        return ForeignKey.Make(prefix, text);
    }
}
