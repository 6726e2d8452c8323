using RedisResilience.RateLimiting;

namespace RedisResilience.Mongo.Quotas;

/// <summary>No Redis: every call asks MongoDB.</summary>
internal sealed class NoLeases : IPermitPool
{
    public static NoLeases Instance { get; } = new();

    public ValueTask<PooledPermits> TakeAsync(string key, long terms, int permits, CancellationToken cancellationToken = default) => default;

    public ValueTask<int?> DrainAsync(string key, CancellationToken cancellationToken = default) => new(0);

    public ValueTask<bool> AddAsync(string key, long terms, PermitBatch permits, CancellationToken cancellationToken = default) => default;
}
