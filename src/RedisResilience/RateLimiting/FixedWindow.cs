using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Tallies;

namespace RedisResilience.RateLimiting;

/// <summary>A number of permits in a window that opens with the key's first hit: the classic <c>INCR</c> and <c>EXPIRE</c>, made atomic.</summary>
/// <remarks>
/// Never more than the permits in one window; across the border of two windows at most twice as many can pass within one window's length.
/// </remarks>
public sealed record FixedWindow : RateLimit
{
    private static readonly RedisScript WindowScript = RedisScript.Load<FixedWindow>(nameof(FixedWindow));

    internal FixedWindow(int permits, TimeSpan window)
    {
        Permits = LimitRanges.Permits(permits);
        Window = LimitRanges.Window(window);
        Parameters = new ScriptConstants(Permits, Window.Ticks / TimeSpan.TicksPerMillisecond);
    }

    /// <inheritdoc/>
    public override int Permits { get; }

    /// <summary>How long a window lasts.</summary>
    public TimeSpan Window { get; }

    internal override RedisScript Script => WindowScript;

    internal override ScriptConstants Parameters { get; }

    internal override Counter NewTally() => new FixedWindowCounter();
}
