using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.RateLimiting.Hearing;

/// <summary>
/// What an API has said about its own limit in one response: how many requests it has left, and for how long that number is valid.
/// </summary>
internal readonly record struct UpstreamWord(int Remaining, TimeSpan LastsFor)
{
    /// <summary>Reads how many requests are left: none, where an API counts below zero. Null: the text is no number.</summary>
    public static int? Count(ReadOnlySpan<char> text) =>
        DeltaSeconds.TryParse(text.TrimStart('-'), out var count)
            ? text.StartsWith('-') ? 0 : (int)Math.Min(int.MaxValue, (long)count.TotalSeconds)
            : null;

    /// <summary>
    /// Returns the stricter of two statements: the one with fewer requests left, or, if both have the same number, the one that is valid
    /// for longer.
    /// </summary>
    public UpstreamWord? Stricter(UpstreamWord? other) =>
        other is not { } that || Remaining < that.Remaining || (Remaining == that.Remaining && LastsFor >= that.LastsFor) ? this : that;
}
