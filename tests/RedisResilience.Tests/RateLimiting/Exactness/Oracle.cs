namespace RedisResilience.Tests.RateLimiting.Exactness;

/// <summary>What a limit should say, worked out the slow and obvious way. Times are in microseconds.</summary>
internal abstract class Oracle
{
    /// <summary>How many permits are free, which of a lowered limit is less than none.</summary>
    public abstract int Free(long now);

    /// <summary>How long until so many permits are free.</summary>
    public abstract long Wait(int permits, long now);

    /// <summary>How long until all of them are.</summary>
    public abstract long Reset(long now);

    public abstract void Take(int permits, long now);

    public abstract void GiveBack(int permits, long now);
}
