using RedisResilience.RateLimiting;
using RedisResilience.Tests.RateLimiting.Exactness;

namespace RedisResilience.Tests.RateLimiting;

/// <summary>Those who wait for a limit that cannot be booked: first come, first served.</summary>
internal sealed class WaitLineTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly RateLimit OneASecond = RateLimit.FixedWindow(1, Second);

    private readonly WatchedTime _clock = new(DateTimeOffset.UnixEpoch);
    private readonly InMemoryRateLimiter _limiter;

    public WaitLineTests() => _limiter = new InMemoryRateLimiter(_clock);

    public void Dispose() => _limiter.Dispose();

    [Test]
    public async Task Waiters_PassInTheOrderInWhichTheyCame()
    {
        await _limiter.AcquireAsync("key", OneASecond);
        var waits = await WaitAsync(OneASecond, 4);
        for (var passed = 0; passed < waits.Count; passed++)
        {
            Assert.That(waits.Count(wait => wait.IsCompleted), Is.EqualTo(passed));
            await PassAsync(() => waits[passed].IsCompleted);
            Assert.That((await waits[passed]).IsAllowed, Is.True);
            Assert.That(waits.Skip(passed + 1).Any(wait => wait.IsCompleted), Is.False, "nobody overtakes");
        }
    }

    [Test]
    public async Task PermitsThatComeBackTogether_LetAsManyPassAtOnce()
    {
        var threeASecond = RateLimit.FixedWindow(3, Second);
        await _limiter.AcquireAsync("key", threeASecond, 3);
        var waits = await WaitAsync(threeASecond, 4);
        await PassAsync(() => waits.Count(wait => wait.IsCompleted) == 3);
        Assert.That(waits[3].IsCompleted, Is.False);
        await PassAsync(() => waits[3].IsCompleted);
        Assert.That((await Task.WhenAll(waits)).All(decision => decision.IsAllowed), Is.True);
    }

    [Test]
    public async Task WaiterThatGivesUp_MakesRoomForTheNext()
    {
        await _limiter.AcquireAsync("key", OneASecond);
        using var source = new CancellationTokenSource();
        var first = _limiter.WaitAsync("key", OneASecond, 1, Second * 5, source.Token).AsTask();
        var waits = await WaitAsync(OneASecond, 1);
        await source.CancelAsync();
        Assert.That(() => first, Throws.InstanceOf<OperationCanceledException>());
        await PassAsync(() => waits[0].IsCompleted);
        Assert.That((await waits[0]).IsAllowed, Is.True);
    }

    [Test]
    public async Task WhoMayNotWaitSoLong_IsToldAtOnce()
    {
        var oneIn10Seconds = RateLimit.FixedWindow(1, Second * 10);
        await _limiter.AcquireAsync("key", oneIn10Seconds);
        await WaitAsync(oneIn10Seconds, 1);
        _clock.Advance(Second);
        var denied = await _limiter.WaitAsync("key", oneIn10Seconds, 1, Second * 8).AsTask().WaitAsync(Patience.Limit);

        Assert.That((denied.IsAllowed, denied.RetryAfter), Is.EqualTo((false, Second * 9)));
    }

    [Test]
    public async Task WaiterWhoseTimeIsOver_IsDenied_AndTheOthersGoOn()
    {
        var limit = RateLimit.Concurrency(1, TimeSpan.FromHours(1));
        var holder = await _limiter.AcquireAsync("key", limit);
        var patient = await WaitAsync(limit, 1);
        var impatient = _limiter.WaitAsync("key", limit, 1, Second).AsTask();
        var last = await WaitAsync(limit, 1);
        await PassAsync(() => impatient.IsCompleted);
        Assert.That((await impatient).IsAllowed, Is.False);
        await holder.Lease!.DisposeAsync();
        await PassAsync(() => patient[0].IsCompleted);
        await (await patient[0]).Lease!.DisposeAsync();
        await PassAsync(() => last[0].IsCompleted);
        Assert.That((await last[0]).IsAllowed, Is.True);
    }

    // One after the other, each in its place.
    private async Task<IReadOnlyList<Task<RateLimitDecision>>> WaitAsync(RateLimit limit, int count)
    {
        var waits = new List<Task<RateLimitDecision>>();
        for (var number = 0; number < count; number++)
        {
            var before = _clock.Waits;
            waits.Add(_limiter.WaitAsync("key", limit, 1, Second * 30).AsTask());
            await Eventually.BecomesTrueAsync(() => _clock.Waits > before);
        }

        return waits;
    }

    private async Task PassAsync(Func<bool> isDone)
    {
        for (var step = 0; step < 4 && !isDone(); step++)
        {
            _clock.Advance(Second / 2);
            for (var look = 0; look < 50 && !isDone(); look++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
            }
        }

        Assert.That(isDone(), Is.True);
    }
}
