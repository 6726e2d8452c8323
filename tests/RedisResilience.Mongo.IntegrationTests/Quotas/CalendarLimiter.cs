using RedisResilience.Mongo.Quotas;
using RedisResilience.RateLimiting;

namespace RedisResilience.Mongo.IntegrationTests.Quotas;

/// <summary>Every limit as a calendar quota of as many permits a year, so that the limiter's contract can be asked of it.</summary>
internal sealed class CalendarLimiter(MongoQuota quota) : IRateLimiter
{
    public ValueTask<RateLimitDecision> AcquireAsync(
        string key, RateLimit limit, int permits = 1, CancellationToken cancellationToken = default) =>
        quota.AcquireAsync(key, Of(limit), permits, cancellationToken);

    public ValueTask<RateLimitDecision> AcquireUpToAsync(
        string key, RateLimit limit, int permits, CancellationToken cancellationToken = default) =>
        quota.AcquireUpToAsync(key, Of(limit), permits, cancellationToken);

    public ValueTask<RateLimitDecision> WaitAsync(
        string key, RateLimit limit, int permits, TimeSpan maximumWait, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Nobody waits for another month.");

    public ValueTask<bool> RefundAsync(string key, RateLimit limit, int permits = 1, CancellationToken cancellationToken = default) =>
        quota.RefundAsync(key, Of(limit), permits, cancellationToken);

    public ValueTask<bool> ResetAsync(string key, RateLimit limit, CancellationToken cancellationToken = default) =>
        quota.ResetAsync(key, Of(limit), cancellationToken);

    private static CalendarQuota Of(RateLimit limit) =>
        new(limit.Permits, QuotaPeriod.Year) { Name = limit.Name, MaximumPrefetch = limit.MaximumPrefetch };
}
