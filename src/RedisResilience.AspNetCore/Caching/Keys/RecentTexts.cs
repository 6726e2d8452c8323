namespace RedisResilience.AspNetCore.Caching.Keys;

/// <summary>
/// The texts that were made last, so that what is hot is not made anew for each request: one for each place, which the text decides.
/// </summary>
internal static class RecentTexts
{
    private const int Capacity = 1024;
    private const int LongestKept = 256;

    private static readonly string?[] Texts = new string?[Capacity];

    public static string Of(ReadOnlySpan<char> text)
    {
        if (text.Length > LongestKept)
        {
            return text.ToString();
        }

        ref var place = ref Texts[string.GetHashCode(text) & (Capacity - 1)];
        var kept = Volatile.Read(ref place);
        if (kept is null || !text.SequenceEqual(kept))
        {
            kept = text.ToString();
            Volatile.Write(ref place, kept);
        }

        return kept;
    }

    /// <summary>The same for a text in ASCII.</summary>
    public static string Of(ReadOnlySpan<byte> ascii)
    {
        if (ascii.Length > LongestKept)
        {
            return System.Text.Encoding.ASCII.GetString(ascii);
        }

        Span<char> text = stackalloc char[LongestKept];
        System.Text.Encoding.ASCII.GetChars(ascii, text);
        return Of(text[..ascii.Length]);
    }
}
