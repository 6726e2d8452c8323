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

    [TestCase(3600)]
    [TestCase(-3600)]
    [Description("The clock of the machine is set: what is held is held on, and given to nobody else.")]
    public async Task SetClock_EndsNoLease(int seconds)
    {
        var time = new SetClock();
        using var limiter = new InMemoryRateLimiter(time);
        var limit = RateLimit.Concurrency(1, TimeSpan.FromSeconds(30));
        var lease = (await limiter.AcquireAsync("key", limit)).Lease!;
        time.SetBy = TimeSpan.FromSeconds(seconds);
        for (var second = 0; second < 60; second++)
        {
            Assert.That((await limiter.AcquireAsync("key", limit)).IsAllowed, Is.False);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(lease.Lost.IsCancellationRequested, Is.False);
        await lease.DisposeAsync();
        Assert.That((await limiter.AcquireAsync("key", limit)).IsAllowed, Is.True);
    }

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
