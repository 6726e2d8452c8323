using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.RateLimiting;

internal sealed class InMemoryCountingTests : CountingContract, IDisposable
{
    private readonly InMemoryRateLimiter _limiter;

    public InMemoryCountingTests() => _limiter = new InMemoryRateLimiter(Clock);

    protected override IRateLimiter Limiter => _limiter;

    public void Dispose() => _limiter.Dispose();
}

internal sealed class InMemoryRateLimiterTests : RateLimiterContract, IDisposable
{
    private readonly InMemoryRateLimiter _limiter = new(capacity: 50);

    protected override IRateLimiter Limiter => _limiter;

    public void Dispose() => _limiter.Dispose();

    [TestCase(2)]
    [TestCase(0)]
    [TestCase(-1)]
    public void CapacityTooSmall_IsRefused(int capacity) =>
        Assert.That(() => new InMemoryRateLimiter(capacity: capacity), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public async Task ManyKeys_AreForgottenBeyondTheCapacity()
    {
        for (var key = 0; key < 1000; key++)
        {
            await _limiter.AcquireAsync($"key:{key}", HundredAnHour);
        }

        Assert.That((await _limiter.AcquireAsync("key:0", HundredAnHour, 0)).Remaining, Is.EqualTo(100), "forgotten");
        Assert.That((await _limiter.AcquireAsync("key:999", HundredAnHour, 0)).Remaining, Is.EqualTo(99), "remembered");
        Assert.That(_limiter.Count, Is.LessThanOrEqualTo(50));
    }
}
