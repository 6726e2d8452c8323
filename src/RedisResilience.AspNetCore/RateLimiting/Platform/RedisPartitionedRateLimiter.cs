using System.Threading.RateLimiting;
using RedisResilience.AspNetCore.RateLimiting.Platform;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting.Platform;

/// <summary>
/// The platform's partitioned rate limiter over <see cref="IRateLimiter"/>. Its partitions are keys in Redis, so this process stores
/// nothing for them.
/// </summary>
/// <remarks>
/// <see cref="PartitionedRateLimiter{TResource}.AttemptAcquire"/> never waits for Redis: it answers when this process is certain, for
/// example because it has a prefetched permit. Otherwise it fails and takes nothing, and the platform's middleware then asks
/// asynchronously. A denied lease has <see cref="MetadataName.RetryAfter"/>; see also <see cref="RateLimitMetadataNames"/>.
/// </remarks>
/// <typeparam name="TResource">What is limited, such as a request.</typeparam>
public sealed class RedisPartitionedRateLimiter<TResource> : PartitionedRateLimiter<TResource>
{
    private readonly IRateLimiter _limiter;
    private readonly Func<TResource, string> _key;
    private readonly Func<TResource, RateLimit?> _limit;

    // Most often there is one limit for all.
    private volatile LimitDescription? _described;

    /// <summary>Limits resources with a limiter. It does not dispose the limiter.</summary>
    /// <param name="limiter">The limiter.</param>
    /// <param name="key">
    /// Who is limited. A key of more than 128 characters, or with braces or anything that <see cref="RedisKeyLimits"/> forbids, is replaced
    /// by its SHA-256.
    /// </param>
    /// <param name="limit">
    /// The limit of a resource, or null for a resource without one. It may differ from call to call, and a new limit applies at once.
    /// </param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public RedisPartitionedRateLimiter(IRateLimiter limiter, Func<TResource, string> key, Func<TResource, RateLimit?> limit)
    {
        ArgumentNullException.ThrowIfNull(limiter);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(limit);
        _limiter = limiter;
        _key = key;
        _limit = limit;
    }

    /// <summary>Null: nothing is counted in this process.</summary>
    /// <param name="resource">The resource.</param>
    public override RateLimiterStatistics? GetStatistics(TResource resource) => null;

    /// <inheritdoc/>
    protected override RateLimitLease AttemptAcquireCore(TResource resource, int permitCount) =>
        AcquisitionFor(resource, permitCount) is { } acquisition ? RedisRateLimitLease.Attempt(acquisition) : RedisRateLimitLease.Unlimited;

    /// <inheritdoc/>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(
        TResource resource, int permitCount, CancellationToken cancellationToken) =>
        AcquisitionFor(resource, permitCount) is { } acquisition
            ? RedisRateLimitLease.DecideAsync(acquisition, cancellationToken)
            : new ValueTask<RateLimitLease>(RedisRateLimitLease.Unlimited);

    private RateLimitAcquisition? AcquisitionFor(TResource resource, int permitCount) =>
        _limit(resource) is { } limit
            ? new RateLimitAcquisition(_limiter, Describe(limit), PartitionKey.Own(_key(resource)), permitCount)
            : null;

    private LimitDescription Describe(RateLimit limit) =>
        _described is { } described && ReferenceEquals(described.Limit, limit)
            ? described
            : _described = new LimitDescription(limit, name: null, QuotaUnit.Requests);
}
