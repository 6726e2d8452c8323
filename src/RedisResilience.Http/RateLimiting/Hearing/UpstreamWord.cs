using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.RateLimiting.Hearing;

/// <summary>What the other side has said in one response: how many requests it has left, and for how long that holds.</summary>
internal readonly record struct UpstreamWord(int Remaining, TimeSpan LastsFor)
{
    /// <summary>Reads how many requests are left: none, where an API counts below zero. Null: the text is no number.</summary>
    public static int? Count(ReadOnlySpan<char> text) =>
        DeltaSeconds.TryParse(text.TrimStart('-'), out var count)
            ? text.StartsWith('-') ? 0 : (int)Math.Min(int.MaxValue, (long)count.TotalSeconds)
            : null;

    /// <summary>The one that forbids more: fewer requests, and of as many the longer time.</summary>
    public UpstreamWord? Stricter(UpstreamWord? other) =>
        other is not { } that || Remaining < that.Remaining || (Remaining == that.Remaining && LastsFor >= that.LastsFor) ? this : that;
}
