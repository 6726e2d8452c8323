using RedisResilience.Gateway;

namespace RedisResilience.RateLimiting;

/// <summary>A number of permits in a window that opens with the key's first hit: the classic <c>INCR</c> and <c>EXPIRE</c>, made atomic.</summary>
/// <remarks>
/// Never more than the permits in one window; across the border of two windows at most twice as many can pass within one window's length.
/// </remarks>
public sealed record FixedWindow : RateLimit
{
    /// <summary>The longest window: 365 days.</summary>
    public static readonly TimeSpan MaximumWindow = TimeSpan.FromDays(365);

    private static readonly RedisScript WindowScript = RedisScript.Load<FixedWindow>(nameof(FixedWindow));

    internal FixedWindow(int permits, TimeSpan window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(permits, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, MaximumWindow);
        if (window.Ticks % TimeSpan.TicksPerMillisecond != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(window), window, "A window is a whole number of milliseconds.");
        }

        Permits = permits;
        Window = window;
    }

    /// <inheritdoc/>
    public override int Permits { get; }

    /// <summary>How long a window lasts.</summary>
    public TimeSpan Window { get; }

    internal override RedisScript Script => WindowScript;

    internal override ScriptArguments ArgumentsFor(int permits) => new(Permits, Window.Ticks / TimeSpan.TicksPerMillisecond, permits);

    internal override RateLimitDecision Decide(ScriptReply reply)
    {
        var isAllowed = reply.First != 0;
        return new RateLimitDecision
        {
            IsAllowed = isAllowed,
            Limit = Permits,
            Remaining = (int)Math.Max(0, Permits - reply.Second),
            ResetAfter = TimeSpan.FromMilliseconds(reply.Third),

            // Redis lets a key live through the millisecond it ends in; one later it is certain to be gone.
            RetryAfter = isAllowed ? TimeSpan.Zero : TimeSpan.FromMilliseconds(reply.Third + 1),
            Decider = RateLimitDecider.Redis,
        };
    }
}
