using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Limits;
using RedisResilience.RateLimiting.Limits.Combined;
using RedisResilience.RateLimiting.Limits.FixedWindows;
using RedisResilience.RateLimiting.Local.Fallback;
using RedisResilience.RateLimiting.Local.Prefetch;

namespace RedisResilience.RateLimiting;

/// <summary>
/// A number of permits in a window that opens with the key's first hit: the classic <c>INCR</c> and <c>EXPIRE</c>, made atomic.
/// </summary>
/// <remarks>
/// One window never allows more than the permits. Around the border of two windows, at most twice as many pass in a time as long as one.
/// </remarks>
public sealed record FixedWindow : RateLimit
{
    private static readonly RedisScript WindowScript = RedisScript.Load<FixedWindowCounter>(nameof(FixedWindow));
    private static readonly PartScript PartScript = PartScript.Load<FixedWindowCounter>(nameof(FixedWindow), hasState: false);

    internal FixedWindow(int permits, TimeSpan window)
    {
        Permits = LimitRanges.Permits(permits);
        Window = LimitRanges.Window(window);
        Parameters = new ScriptConstants(Permits, Window.Ticks / TimeSpan.TicksPerMillisecond);
    }

    /// <inheritdoc/>
    public override int Permits { get; }

    /// <summary>How long a window lasts.</summary>
    public override TimeSpan Window { get; }

    /// <inheritdoc/>
    public override int? WindowSegments => 0;

    internal override RedisScript Script => WindowScript;

    internal override ScriptConstants Parameters { get; }

    // Another window may open in the millisecond after this one's last.
    internal override void SetTerms(PrefetchTerms terms, in RateLimitDecision grant) =>
        terms.EndAfter(grant.ResetAfter - TimeSpan.FromMilliseconds(1), grant.ResetAfter - TimeSpan.FromMilliseconds(1));

    internal override RateLimit? ShareOf(NodeShare node) =>
        node.ShareOf(Permits) is > 0 and var permits ? new FixedWindow(permits, Window) : null;

    internal override CombinedPart ToPart() => new(2, Permits, Window.Ticks / TimeSpan.TicksPerMicrosecond, 0, PartScript);

    internal override Counter NewCounter() => new FixedWindowCounter();
}
