namespace RedisResilience.RateLimiting.Local.Denials;

/// <summary>The purpose of a lookup of a denied key.</summary>
internal enum DenialUse
{
    /// <summary>
    /// A caller that goes on to Redis if there is no answer here: one in a while does, to see whether Redis still denies.
    /// </summary>
    Acquire = 0,

    /// <summary>A caller that goes on to <see cref="Acquire"/> if there is no answer here.</summary>
    Look = 1,

    /// <summary>A caller that cannot ask Redis: what it denied stands until its time has come.</summary>
    Unanswered = 2,
}
