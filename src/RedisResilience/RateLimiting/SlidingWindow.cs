using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Tallies;

namespace RedisResilience.RateLimiting;

/// <summary>Never more than a number of permits in any window, counted by segments of it.</summary>
/// <remarks>
/// The oldest segment counts in full until all of it is a window old. So no window ever sees more than the permits, and a permit comes back at most one
/// segment later than it could.
/// </remarks>
public sealed record SlidingWindow : RateLimit
{
    /// <summary>The most segments that a window can be cut into.</summary>
    public const int MaximumSegments = 60;

    private static readonly RedisScript WindowScript = RedisScript.Load<SlidingWindow>("SlidingWindowState", nameof(SlidingWindow));

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
    public TimeSpan Window { get; }

    /// <summary>Into how many segments a window is cut.</summary>
    public int Segments { get; }

    internal long SegmentMicroseconds { get; }

    internal override RedisScript Script => WindowScript;

    internal override ScriptConstants Parameters { get; }

    internal override Counter NewTally() => new SlidingWindowCounter();
}
