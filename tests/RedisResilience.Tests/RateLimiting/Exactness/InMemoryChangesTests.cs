using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.RateLimiting.Exactness;

internal sealed class InMemoryChangesTests : ChangesContract, IDisposable
{
    private readonly InMemoryRateLimiter _limiter;

    public InMemoryChangesTests() => _limiter = new InMemoryRateLimiter(Clock);

    protected override IRateLimiter Limiter => _limiter;

    protected override int Shortest => 100;

    protected override long Times => Rounds.Of(3000, 100_000);

    public void Dispose() => _limiter.Dispose();
}
