using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.RateLimiting.Exactness;

internal sealed class InMemoryExactnessTests : ExactnessContract, IDisposable
{
    private readonly InMemoryRateLimiter _limiter;

    public InMemoryExactnessTests() => _limiter = new InMemoryRateLimiter(Clock);

    protected override IRateLimiter Limiter => _limiter;

    protected override Schedules Schedules { get; } = new(shortest: 1);

    protected override long Times => Rounds.Of(2000, 100_000);

    public void Dispose() => _limiter.Dispose();
}
