using System.Diagnostics.CodeAnalysis;
using RedisResilience.RateLimiting.Pools;

namespace RedisResilience.RateLimiting.Pools;

/// <summary>A pool in which nothing stands, for when there is no Redis: the durable count is asked every time.</summary>
[Experimental("RR0001")]
public sealed class NoPermitPool : IPermitPool
{
    private NoPermitPool()
    {
    }

    /// <summary>The one there is: it holds nothing.</summary>
    public static NoPermitPool Instance { get; } = new();

    /// <inheritdoc/>
    public ValueTask<PooledPermits> TakeAsync(string key, long terms, int permits, CancellationToken cancellationToken = default) =>
        default;

    /// <inheritdoc/>
    public ValueTask<int?> DrainAsync(string key, CancellationToken cancellationToken = default) => new(0);

    /// <inheritdoc/>
    public ValueTask<bool> AddAsync(string key, long terms, PermitBatch permits, CancellationToken cancellationToken = default) => default;
}
