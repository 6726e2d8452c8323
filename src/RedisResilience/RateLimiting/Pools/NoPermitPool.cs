using System.Diagnostics.CodeAnalysis;
using RedisResilience.RateLimiting.Pools;

namespace RedisResilience.RateLimiting.Pools;

/// <summary>A pool that is always empty, for use without Redis: every call asks the durable count.</summary>
[Experimental("RR0001")]
public sealed class NoPermitPool : IPermitPool
{
    private NoPermitPool()
    {
    }

    /// <summary>The only instance.</summary>
    public static NoPermitPool Instance { get; } = new();

    /// <inheritdoc/>
    public ValueTask<PooledPermits> TakeAsync(string key, long terms, int permits, CancellationToken cancellationToken = default) =>
        default;

    /// <inheritdoc/>
    public ValueTask<int?> DrainAsync(string key, CancellationToken cancellationToken = default) => new(0);

    /// <inheritdoc/>
    public ValueTask<bool> AddAsync(string key, long terms, PermitBatch permits, CancellationToken cancellationToken = default) => default;
}
