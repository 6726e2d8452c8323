using RedisResilience.RateLimiting.Leases;

namespace RedisResilience.RateLimiting.Leases;

/// <summary>Where leases are counted.</summary>
internal interface ILeaseStore
{
    /// <summary>The most leases that one call prolongs.</summary>
    const int MostLeases = 48;

    /// <summary>Prolongs leases of one key. The answer has a bit for each that still stands, the first as bit 0; null when nobody could be asked.</summary>
    ValueTask<long?> RenewAsync(string key, Concurrency limit, IReadOnlyList<HeldLease> leases);

    /// <summary>Gives a lease back, or leaves it to its end when nobody can be asked.</summary>
    ValueTask ReleaseAsync(string key, Concurrency limit, HeldLease lease);
}
