namespace RedisResilience.Caching.Filling;

/// <summary>The lease that a load was begun under. The default value is none: what is loaded is served and not stored.</summary>
internal readonly record struct InFlightLease(long Token, long AcquiredAt)
{
    public bool Stands => Token != 0;
}
