namespace RedisResilience.RateLimiting.Local.Denials;

/// <summary>The purpose of a lookup of a denied key.</summary>
internal enum DenialUse
{
    /// <summary>
    /// A caller that asks Redis if there is no answer here. From time to time one such caller asks Redis even if there is one, to see
    /// whether Redis still denies.
    /// </summary>
    Acquire = 0,

    /// <summary>A caller that continues with <see cref="Acquire"/> if there is no answer here.</summary>
    Look = 1,

    /// <summary>A caller that cannot ask Redis. A denial then stands until its time is over.</summary>
    Unanswered = 2,
}
