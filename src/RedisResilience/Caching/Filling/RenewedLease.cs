namespace RedisResilience.Caching.Filling;

/// <summary>The lease of one load, which is renewed at each third of its time.</summary>
internal sealed class RenewedLease : IDisposable
{
    // The messages of a shorter one would be more than the load is worth.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    private readonly LeaseRenewals _renewals;
    private readonly long _interval;
    private readonly long _endsAt;

    public RenewedLease(LeaseRenewals renewals, InFlightLoad load, TimeProvider timeProvider)
    {
        _renewals = renewals;
        Key = load.Key;
        Token = load.Lease.Token;
        Time = load.Call.Options.LeaseTime;
        _interval = Ticks(Time / 3, timeProvider);
        var now = timeProvider.GetTimestamp();
        _endsAt = now + Ticks(load.Call.Options.MaximumLoadTime, timeProvider);
        DueAt = now + _interval;
    }

    public string Key { get; }

    public long Token { get; }

    public TimeSpan Time { get; }

    public long DueAt { get; private set; }

    public static bool IsRenewed(CacheEntryOptions options) => options.LeaseTime >= Shortest && options.MaximumLoadTime > options.LeaseTime;

    public bool IsOver(long now) => now >= _endsAt;

    /// <summary>False when it is not due yet.</summary>
    public bool TryPostpone(long now)
    {
        var isDue = now >= DueAt;
        DueAt = isDue ? now + _interval : DueAt;
        return isDue;
    }

    public void Dispose() => _renewals.End(this);

    private static long Ticks(TimeSpan time, TimeProvider timeProvider) => (long)(time.TotalSeconds * timeProvider.TimestampFrequency);
}
