using RedisResilience.Gateway;

namespace RedisResilience.RateLimiting.Leases;

/// <summary>Counts leases. One call is for leases of one key, at most <see cref="MostLeases"/>.</summary>
internal interface ILeaseStore
{
    /// <summary>The most leases of one call.</summary>
    const int MostLeases = 48;

    /// <summary>Whether the store is known not to answer at present.</summary>
    bool IsAway => false;

    /// <summary>
    /// Prolongs leases. The answer has a bit for each lease that still exists, the first as bit 0. Null when the store did not answer.
    /// </summary>
    ValueTask<long?> RenewAsync(params ReadOnlySpan<HeldLease> leases);

    /// <summary>
    /// Gives leases back. The answer has a bit for each lease that existed until now. Null when the store did not answer.
    /// </summary>
    ValueTask<long?> ReleaseAsync(params ReadOnlySpan<HeldLease> leases);

    /// <summary>The same store, asked another way.</summary>
    ILeaseStore Through(IRedisGateway redis) => this;

    /// <summary>The same store, asked within one deadline from a timestamp on.</summary>
    ILeaseStore Since(long startedAt) => this;
}
