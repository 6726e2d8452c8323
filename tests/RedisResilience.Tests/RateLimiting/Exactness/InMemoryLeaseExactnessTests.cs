using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Leases;

namespace RedisResilience.Tests.RateLimiting.Exactness;

internal sealed class InMemoryLeaseExactnessTests : LeaseExactnessContract, IDisposable
{
    private readonly InMemoryRateLimiter _limiter;

    public InMemoryLeaseExactnessTests()
    {
        _limiter = new InMemoryRateLimiter(Clock);

        // It renews no more.
        _limiter.Dispose();
    }

    protected override IRateLimiter Limiter => _limiter;

    protected override ILeaseStore Store => _limiter;

    protected override long Times => Rounds.Of(2000, 100_000);

    public void Dispose() => _limiter.Dispose();
}
