using System.Threading.RateLimiting;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting.Platform;

/// <summary>
/// One partition of the platform's middleware, which keeps a limiter for each partition. It is small, and idle as soon as nobody uses it.
/// </summary>
internal sealed class PartitionRateLimiter(IRateLimiter limiter, PlatformPartition partition, TimeProvider timeProvider) : RateLimiter
{
    private readonly LimitDescription _description = new(partition.Limit, name: null, QuotaUnit.Requests);
    private long _usedAt = timeProvider.GetTimestamp();
    private int _remaining = partition.Limit.Permits;
    private long _successes;
    private long _failures;

    /// <summary>Never null. The platform removes limiters that are idle for 10 s, and keeps all others for ever.</summary>
    public override TimeSpan? IdleDuration => timeProvider.GetElapsedTime(Interlocked.Read(ref _usedAt));

    /// <summary>The statistics of this process. Redis is not asked.</summary>
    public override RateLimiterStatistics GetStatistics() => new()
    {
        CurrentAvailablePermits = Volatile.Read(ref _remaining),
        TotalSuccessfulLeases = Interlocked.Read(ref _successes),
        TotalFailedLeases = Interlocked.Read(ref _failures),
    };

    // The middleware asks this way first. Redis must not be waited for here, and what was taken here could not be given back.
    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        var lease = RedisRateLimitLease.Attempt(AcquisitionFor(permitCount));
        if (lease.IsAcquired)
        {
            Count(lease);
        }

        return lease;
    }

    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        var lease = await RedisRateLimitLease.DecideAsync(AcquisitionFor(permitCount), cancellationToken).ConfigureAwait(false);
        Count(lease);
        return lease;
    }

    private RateLimitAcquisition AcquisitionFor(int permitCount) => new(limiter, _description, partition.Key, partition.Cost * permitCount);

    private void Count(RateLimitLease lease)
    {
        Interlocked.Exchange(ref _usedAt, timeProvider.GetTimestamp());
        Volatile.Write(ref _remaining, lease.TryGetMetadata(RateLimitMetadataNames.Remaining, out var remaining) ? remaining : 0);
        Interlocked.Increment(ref lease.IsAcquired ? ref _successes : ref _failures);
    }
}
