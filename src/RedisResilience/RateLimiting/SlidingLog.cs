using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Limits;
using RedisResilience.RateLimiting.Limits.Combined;
using RedisResilience.RateLimiting.Limits.SlidingLogs;
using RedisResilience.RateLimiting.Local.Fallback;
using RedisResilience.RateLimiting.Local.Prefetch;

namespace RedisResilience.RateLimiting;

/// <summary>Allows exactly a number of permits in any window. Redis keeps the time of each permit until it is a window old.</summary>
/// <remarks>
/// A key takes 8 bytes of Redis's memory for each permit in use. If that is too much, use a <see cref="SlidingWindow"/>, which is nearly as
/// exact.
/// </remarks>
public sealed record SlidingLog : RateLimit
{
    /// <summary>The most permits of a log.</summary>
    public const int MaximumPermits = 1000;

    private static readonly PartScript PartScript = PartScript.Load<SlidingLogCounter>(nameof(SlidingLog));
    private static readonly RedisScript LogScript = RedisScript.Load<SlidingLogCounter>("SlidingLogState", nameof(SlidingLog));

    internal SlidingLog(int permits, TimeSpan window)
    {
        Permits = LimitRanges.Permits(permits, MaximumPermits, "a log keeps the time of each; a sliding window takes any number");
        Window = LimitRanges.Window(window);
        Parameters = new ScriptConstants(Permits, Window.Ticks / TimeSpan.TicksPerMicrosecond);
    }

    /// <inheritdoc/>
    public override int Permits { get; }

    /// <summary>How long a window lasts.</summary>
    public override TimeSpan Window { get; }

    internal override RedisScript Script => LogScript;

    internal override ScriptConstants Parameters { get; }

    internal override string WhyNotPrefetched =>
        "A sliding log counts each permit from when it is spent, so none can be taken ahead; a sliding window's can.";

    internal override void SetTerms(PrefetchTerms terms, in RateLimitDecision grant) => throw new NotSupportedException(WhyNotPrefetched);

    internal override RateLimit? ShareOf(NodeShare node) =>
        node.ShareOf(Permits) is > 0 and var permits ? new SlidingLog(permits, Window) : null;

    internal override CombinedPart ToPart() => new(8, Permits, Window.Ticks / TimeSpan.TicksPerMicrosecond, 0, PartScript);

    internal override Counter NewCounter() => new SlidingLogCounter();
}
