namespace RedisResilience.AspNetCore.Caching.Keys;

/// <summary>
/// Texts that were made recently, so that frequent ones are not allocated for each request. Each place, which the text decides, holds two:
/// of the twenty texts of one response, two often share a place, and three hardly ever do.
/// </summary>
internal static class RecentTexts
{
    private const int Capacity = 2048;
    private const int LongestKept = 256;

    private static readonly string?[] Texts = new string?[Capacity];

    public static string Of(ReadOnlySpan<char> text)
    {
        if (text.Length > LongestKept)
        {
            return text.ToString();
        }

        var place = string.GetHashCode(text) & (Capacity - 2);
        return Find(place, text) ?? Find(place + 1, text) ?? Add(place, text.ToString());
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

    private static string? Find(int place, ReadOnlySpan<char> text) =>
        Volatile.Read(ref Texts[place]) is { } kept && text.SequenceEqual(kept) ? kept : null;

    private static string Add(int place, string text)
    {
        Volatile.Write(ref Texts[place + 1], Volatile.Read(ref Texts[place]));
        Volatile.Write(ref Texts[place], text);
        return text;
    }
}
