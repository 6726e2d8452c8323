namespace RedisResilience.RateLimiting;

/// <summary>No Redis is configured: the durable count is asked every time.</summary>
internal sealed class NoPermitPool : IPermitPool
{
    public static NoPermitPool Instance { get; } = new();

    public ValueTask<PooledPermits> TakeAsync(string key, long terms, int permits, CancellationToken cancellationToken = default) => default;

    public ValueTask<int?> DrainAsync(string key, CancellationToken cancellationToken = default) => new(0);

    public ValueTask<bool> AddAsync(string key, long terms, PermitBatch permits, CancellationToken cancellationToken = default) => default;
}
