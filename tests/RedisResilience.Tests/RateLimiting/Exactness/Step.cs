namespace RedisResilience.Tests.RateLimiting.Exactness;

/// <summary>When a step of a schedule comes after the one before it.</summary>
internal enum Pause
{
    None,

    /// <summary>Some microseconds.</summary>
    Moment,

    /// <summary>Some sixteenths of the limit's window.</summary>
    Part,

    /// <summary>The limit's window.</summary>
    Window,

    /// <summary>As long as the last denied call was told.</summary>
    AsTold,

    /// <summary>A microsecond less.</summary>
    TooEarly,
}

/// <summary>What a step of a schedule does.</summary>
internal enum Act
{
    Acquire,
    UpTo,
    Refund,
}

/// <summary>One step of a schedule.</summary>
internal readonly record struct Step(Pause Pause, int Amount, Act Act, int Permits);

/// <summary>A step as it went, in microseconds.</summary>
internal readonly record struct Played(long Time, Step Step, RedisResilience.RateLimiting.RateLimitDecision Decision)
{
    public int Granted => Decision.Granted;
}
