namespace RedisResilience.Caching.Filling;

/// <summary>The lease of a load. The default value is no lease: the result of the load is then served and not stored.</summary>
internal readonly record struct InFlightLease(long Token, long AcquiredAt)
{
    public bool Stands => Token != 0;
}
