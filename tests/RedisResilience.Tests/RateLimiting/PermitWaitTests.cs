using Moq;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Requests;
using RedisResilience.Tests.RateLimiting.Exactness;

namespace RedisResilience.Tests.RateLimiting;

/// <summary>Waiting for permits, on the test's time.</summary>
internal sealed class PermitWaitTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TokenBucket OneASecond = RateLimit.TokenBucket(1, Second);

    private readonly WatchedTime _clock = new(DateTimeOffset.UnixEpoch);
    private readonly InMemoryRateLimiter _limiter;

    public PermitWaitTests() => _limiter = new InMemoryRateLimiter(_clock);

    public void Dispose() => _limiter.Dispose();

    [Test]
    public async Task PermitThatIsThere_NeedsNoWait()
    {
        var decision = await _limiter.WaitAsync("key", OneASecond, 1, TimeSpan.Zero);
        Assert.That(
            decision, Has.Property("IsAllowed").True.And.Property("Granted").EqualTo(1).And.Property("RetryAfter").EqualTo(TimeSpan.Zero));
    }

    [Test]
    public async Task Waiters_PassInTheOrderInWhichTheyCameAndEachAtItsTime()
    {
        await _limiter.AcquireAsync("key", OneASecond);
        var waits = Enumerable.Range(0, 3).Select(_ => _limiter.WaitAsync("key", OneASecond, 1, Second * 10).AsTask()).ToArray();
        Assert.That(
            (await _limiter.AcquireAsync("key", OneASecond)).RetryAfter, Is.EqualTo(Second * 4),
            "who does not wait comes after those who do");
        for (var passed = 0; passed < waits.Length; passed++)
        {
            Assert.That(waits.Count(wait => wait.IsCompleted), Is.EqualTo(passed));
            _clock.Advance(Second);
            Assert.That((await waits[passed].WaitAsync(Patience.Limit)).IsAllowed, Is.True);
        }
    }

    [Test]
    public async Task WaitThatWouldBeTooLong_IsDeniedAtOnceAndTakesNothing()
    {
        await _limiter.AcquireAsync("key", OneASecond);
        var denied = await _limiter.WaitAsync("key", OneASecond, 1, Second - TimeSpan.FromMicroseconds(1));
        Assert.That((denied.IsAllowed, denied.RetryAfter), Is.EqualTo((false, Second)));
        var wait = _limiter.WaitAsync("key", OneASecond, 1, Second).AsTask();
        Assert.That(wait.IsCompleted, Is.False, "exactly as long as it takes");
        _clock.Advance(Second);
        Assert.That((await wait.WaitAsync(Patience.Limit)).IsAllowed, Is.True);
    }

    [Test]
    public async Task CancelledWait_GivesItsPermitsBack()
    {
        await _limiter.AcquireAsync("key", OneASecond);
        using var source = new CancellationTokenSource();
        var wait = _limiter.WaitAsync("key", OneASecond, 1, Second * 10, source.Token).AsTask();
        await source.CancelAsync();
        Assert.That(() => wait, Throws.InstanceOf<OperationCanceledException>());
        Assert.That((await _limiter.AcquireAsync("key", OneASecond)).RetryAfter, Is.EqualTo(Second));
    }

    [Test]
    public async Task ChangedLimit_IsNotHeldUpByWhatWasBookedUnderTheOld()
    {
        await _limiter.AcquireAsync("key", OneASecond);
        var wait = _limiter.WaitAsync("key", OneASecond, 1, Second * 100).AsTask();
        Assert.That((await _limiter.AcquireAsync("key", RateLimit.TokenBucket(2, Second))).RetryAfter, Is.EqualTo(Second / 2));
        Assert.That(wait.IsCompleted, Is.False);
    }

    [Test]
    public async Task OtherLimits_AskAgainWhenTheyWereTold()
    {
        var window = RateLimit.FixedWindow(1, Second);
        await _limiter.AcquireAsync("key", window);
        Assert.That((await _limiter.WaitAsync("key", window, 1, Second / 2)).IsAllowed, Is.False, "would be too long");
        var first = _limiter.WaitAsync("key", window, 1, Second * 5).AsTask();
        var second = _limiter.WaitAsync("key", window, 1, Second * 5).AsTask();
        var begun = _clock.Waits;
        _clock.Advance(Second);
        Assert.That((await (await Task.WhenAny(first, second).WaitAsync(Patience.Limit))).IsAllowed, Is.True);

        // The other one has asked again, and waits again.
        await Eventually.BecomesTrueAsync(() => _clock.Waits > begun);
        _clock.Advance(Second);
        Assert.That((await Task.WhenAll(first, second).WaitAsync(Patience.Limit)).All(decision => decision.IsAllowed), Is.True);
    }

    [Test]
    [Description("What a waiter was told has an age: a reset, here or in another process, and a count that was lost show within a second.")]
    public async Task ResetWhileSomebodyWaits_ShowsWithinASecond()
    {
        var window = RateLimit.FixedWindow(1, TimeSpan.FromHours(1));
        await _limiter.AcquireAsync("key", window);
        var wait = _limiter.WaitAsync("key", window, 1, TimeSpan.FromDays(1)).AsTask();
        Assert.That((await _limiter.WaitAsync("key", window, 1, Second * 5)).IsAllowed, Is.False, "would be too long");
        await _limiter.ResetAsync("key", window);
        _clock.Advance(Second);
        Assert.That((await wait.WaitAsync(Patience.Limit)).IsAllowed, Is.True);
    }

    [Test]
    public async Task Concurrency_IsWaitedForUntilALeaseIsGivenBack()
    {
        var limit = RateLimit.Concurrency(1);
        var holder = await _limiter.AcquireAsync("key", limit);
        var wait = _limiter.WaitAsync("key", limit, 1, Second * 5).AsTask();
        _clock.Advance(Second);
        Assert.That(wait.IsCompleted, Is.False);
        await holder.Lease!.DisposeAsync();
        for (var pause = 0; pause < 10 && !wait.IsCompleted; pause++)
        {
            _clock.Advance(Second);
        }

        Assert.That((await wait.WaitAsync(Patience.Limit)).Lease, Is.Not.Null);
    }

    [Test]
    public async Task Concurrency_IsNotWaitedForLongerThanSaid()
    {
        var limit = RateLimit.Concurrency(1, TimeSpan.FromHours(1));
        var holder = await _limiter.AcquireAsync("key", limit);
        var wait = _limiter.WaitAsync("key", limit, 1, Second * 5).AsTask();
        for (var pause = 0; pause < 20 && !wait.IsCompleted; pause++)
        {
            _clock.Advance(Second);
        }

        Assert.That((await wait.WaitAsync(Patience.Limit)).IsAllowed, Is.False);
        GC.KeepAlive(holder);
    }

    [Test]
    public async Task Impossible_IsNotWaitedFor() =>
        Assert.That((await _limiter.WaitAsync("key", OneASecond, 2, Second * 5)).IsImpossible, Is.True);

    // A server whose clock was set back tells times that lie behind (X5): then the time has come.
    [TestCase(-15)]
    [TestCase(-86_400)]
    public async Task TimeThatLiesBehind_IsNotWaitedFor(int seconds)
    {
        var source = new Mock<IPermitSource>();
        source.Setup(stub => stub.DecideAsync("key", OneASecond, It.IsAny<PermitRequest>(), CancellationToken.None))
            .Returns(() => new ValueTask<RateLimitDecision>(new RateLimitDecision
            {
                IsAllowed = true,
                Granted = 1,
                Limit = 1,
                Remaining = 0,
                RetryAfter = TimeSpan.FromSeconds(seconds),
                Source = DecisionSource.Redis,
            }));
        var decision = await new PermitWait(source.Object, _clock, Second).WaitAsync("key", OneASecond, 1, Second, CancellationToken.None);
        Assert.That((decision.IsAllowed, decision.RetryAfter), Is.EqualTo((true, TimeSpan.Zero)));
    }
}
