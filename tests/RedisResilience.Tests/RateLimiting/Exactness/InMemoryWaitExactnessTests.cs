using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.Tests.RateLimiting.Exactness;

internal sealed class InMemoryWaitExactnessTests : WaitExactnessContract, IDisposable
{
    private readonly InMemoryRateLimiter _limiter;

    public InMemoryWaitExactnessTests() => _limiter = new InMemoryRateLimiter(Clock);

    protected override IPermitSource Permits => _limiter;

    protected override long Times => Rounds.Of(1000, 50_000);

    public void Dispose() => _limiter.Dispose();
}
