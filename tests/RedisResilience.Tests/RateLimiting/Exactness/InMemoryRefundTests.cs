using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.Tests.RateLimiting.Exactness;

internal sealed class InMemoryRefundTests : RefundContract, IDisposable
{
    private readonly InMemoryRateLimiter _limiter;

    public InMemoryRefundTests() => _limiter = new InMemoryRateLimiter(Clock);

    protected override IRateLimiter Limiter => _limiter;

    protected override long Times => 1_000;

    public void Dispose() => _limiter.Dispose();

    protected override Task ReturnAsync(string key, RateLimit limit, PermitRequest request)
    {
        _limiter.Decide(key, limit, request);
        return Task.CompletedTask;
    }
}
