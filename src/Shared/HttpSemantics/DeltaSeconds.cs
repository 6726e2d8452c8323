namespace RedisResilience.HttpSemantics;

/// <summary>A number of seconds as HTTP writes it (RFC 9111, section 1.2.2).</summary>
internal static class DeltaSeconds
{
    /// <summary>What a larger number is taken for: 2^31 seconds, 68 years.</summary>
    public const long Maximum = 1L << 31;

    /// <summary>Reads digits and nothing else; a number that is too large is <see cref="Maximum"/>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan value)
    {
        var seconds = 0L;
        foreach (var character in text)
        {
            if (!char.IsAsciiDigit(character))
            {
                value = default;
                return false;
            }

            seconds = Math.Min(Maximum, (seconds * 10) + (character - '0'));
        }

        value = TimeSpan.FromSeconds(seconds);
        return !text.IsEmpty;
    }
}
