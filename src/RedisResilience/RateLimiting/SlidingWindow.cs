using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Limits;
using RedisResilience.RateLimiting.Limits.Combined;
using RedisResilience.RateLimiting.Limits.SlidingWindows;
using RedisResilience.RateLimiting.Local.Fallback;
using RedisResilience.RateLimiting.Local.Prefetch;

namespace RedisResilience.RateLimiting;

/// <summary>Allows at most a number of permits in any window, and counts them by segments of the window.</summary>
/// <remarks>
/// The oldest segment counts in full until all of it is a window old. So no window ever sees more than the permits, and a permit comes back
/// at most one segment later than it could.
/// </remarks>
public sealed record SlidingWindow : RateLimit
{
    /// <summary>The most segments that a window can be cut into.</summary>
    public const int MaximumSegments = 60;

    private static readonly PartScript PartScript = PartScript.Load<SlidingWindowCounter>(nameof(SlidingWindow));
    private static readonly RedisScript WindowScript = RedisScript.Load<SlidingWindowCounter>("SlidingWindowState", nameof(SlidingWindow));

    internal SlidingWindow(int permits, TimeSpan window, int segments)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(segments, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(segments, MaximumSegments);
        Permits = LimitRanges.Permits(permits);
        Window = LimitRanges.Window(window);
        Segments = segments;

        // Rounded up: the segments together are never shorter than the window.
        var microseconds = Window.Ticks / TimeSpan.TicksPerMicrosecond;
        SegmentMicroseconds = (microseconds + segments - 1) / segments;
        Parameters = new ScriptConstants(Permits, SegmentMicroseconds, Segments);
    }

    /// <inheritdoc/>
    public override int Permits { get; }

    /// <summary>How long a window lasts.</summary>
    public override TimeSpan Window { get; }

    /// <summary>How many segments a window has.</summary>
    public int Segments { get; }

    /// <inheritdoc/>
    public override int? WindowSegments => Segments;

    internal long SegmentMicroseconds { get; }

    internal override RedisScript Script => WindowScript;

    internal override ScriptConstants Parameters { get; }

    // The permits stand in the newest segment: spent after its end, they would be forgotten too early.
    internal override void SetTerms(PrefetchTerms terms, in RateLimitDecision grant) =>
        terms.EndAfter(grant.ResetAfter - TimeSpan.FromMicroseconds(Segments * SegmentMicroseconds), grant.ResetAfter);

    internal override RateLimit? ShareOf(NodeShare node) =>
        node.ShareOf(Permits) is > 0 and var permits ? new SlidingWindow(permits, Window, Segments) : null;

    internal override CombinedPart ToPart() => new(6, Permits, SegmentMicroseconds, Segments, PartScript);

    internal override Counter NewCounter() => new SlidingWindowCounter();
}
