using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.RateLimiting;

/// <summary>What every <see cref="IRateLimiter"/> keeps to, with Redis and without.</summary>
internal abstract class RateLimiterContract
{
    protected static RateLimit HundredAnHour { get; } = RateLimit.FixedWindow(100, TimeSpan.FromHours(1));

    protected abstract IRateLimiter Limiter { get; }

    [TestCaseSource(typeof(Keys), nameof(Keys.Good))]
    public async Task GoodKey_GetsADecision(string key)
    {
        var decision = await Limiter.AcquireAsync(key, HundredAnHour);
        Assert.That((decision.IsAllowed, decision.Limit), Is.EqualTo((true, 100)));
    }

    [TestCaseSource(typeof(Keys), nameof(Keys.Bad))]
    public void BadKey_IsRefused(string key) =>
        Assert.That(
            () => Acquire(key, HundredAnHour), Throws.ArgumentException.With.Property(nameof(ArgumentException.ParamName)).EqualTo("key"));

    /// <summary>Whether the limiter knows limits whose permits are held.</summary>
    protected virtual bool GivesLeases => true;

    [Test]
    public void NullKey_IsRefused() => Assert.That(() => Acquire(null!, HundredAnHour), Throws.ArgumentNullException);

    [Test]
    public void NullLimit_IsRefused() => Assert.That(
        () => Acquire("key", null!), Throws.ArgumentNullException.With.Property(nameof(ArgumentException.ParamName)).EqualTo("limit"));

    [TestCase(-1)]
    [TestCase(int.MinValue)]
    public void NegativePermits_AreRefused(int permits) => Assert.That(
        () => Acquire("key", HundredAnHour, permits),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property(nameof(ArgumentException.ParamName)).EqualTo("permits"));

    [TestCase(101)]
    [TestCase(int.MaxValue)]
    public async Task PermitsThatTheLimitCanNeverGive_AreImpossibleAndNotForLater(int permits)
    {
        var decision = await Limiter.AcquireAsync("key", HundredAnHour, permits);
        Assert.That(decision, Is.EqualTo(new RateLimitDecision
        {
            IsAllowed = false,
            IsImpossible = true,
            Limit = 100,
            Remaining = 0,
            Source = DecisionSource.Local,
        }));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(100)]
    public async Task PermitsThatTheLimitCanGive_GetADecision(int permits) =>
        Assert.That((await Limiter.AcquireAsync("key", HundredAnHour, permits)).Limit, Is.EqualTo(100));

    [Test]
    public async Task AllowedCallOfWhatIsHeld_HasALeaseThatCanBeDisposedFromAnywhere(
        [Values(0, 1)] int permits, [Values(FailurePolicy.Allow, FailurePolicy.Local)] FailurePolicy policy)
    {
        var held = RateLimit.Concurrency(3, TimeSpan.FromMinutes(1)) with { FailurePolicy = policy };
        if (!GivesLeases)
        {
            Assert.That(() => Limiter.AcquireAsync("key", held, permits).AsTask(), Throws.ArgumentException);
            return;
        }

        var decision = await Limiter.AcquireAsync($"held-{Guid.NewGuid():N}", held, permits);
        Assert.That(decision.IsAllowed, Is.True);
        Assert.That(decision.Lease, Is.Not.Null);
        Assert.That(decision.Lease.Permits, Is.EqualTo(decision.Granted));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            decision.Lease.Dispose();
            await decision.Lease.DisposeAsync();
        })));
        Assert.That(decision.Lease.Lost.IsCancellationRequested, Is.False);
    }

    [Test]
    public async Task CancelledToken_Throws()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        Assert.That(() => Acquire("key", HundredAnHour, 1, source.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task BadKeyAndCancelledToken_TheProgrammersErrorComesFirst()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        Assert.That(() => Acquire("", HundredAnHour, 1, source.Token), Throws.ArgumentException);
    }

    [Test]
    public async Task OtherCalls_RefuseBadKeysToo()
    {
        foreach (var call in new Func<string, Task>[]
        {
            key => Limiter.AcquireUpToAsync(key, HundredAnHour, 1).AsTask(), key => Limiter.WaitAsync(
                key, HundredAnHour, 1, TimeSpan.Zero).AsTask(),
            key => Limiter.RefundAsync(key, HundredAnHour).AsTask(), key => Limiter.ResetAsync(key, HundredAnHour).AsTask(),
        })
        {
            Assert.That(() => call("a\r\nb"), Throws.ArgumentException.With.Property(nameof(ArgumentException.ParamName)).EqualTo("key"));
            Assert.That(() => call(new string('k', 10_000_000)), Throws.ArgumentException);
            Assert.That(() => call(null!), Throws.ArgumentNullException);
            await call("key");
        }
    }

    [Test]
    public void OtherCalls_RefuseNegativePermits()
    {
        Assert.That(() => Limiter.AcquireUpToAsync("key", HundredAnHour, -1).AsTask(), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => Limiter.WaitAsync("key", HundredAnHour, -1, TimeSpan.Zero).AsTask(), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Limiter.RefundAsync("key", HundredAnHour, -1).AsTask(), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [TestCase(-1)]
    [TestCase(24 * 60 * 60 * 1000 + 1)]
    public void WaitOutOfRange_IsRefused(int milliseconds) => Assert.That(
        () => Limiter.WaitAsync("key", HundredAnHour, 1, TimeSpan.FromMilliseconds(milliseconds)).AsTask(),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property(nameof(ArgumentException.ParamName)).EqualTo("maximumWait"));

    [Test]
    public void RefundOfConcurrency_IsRefused() => Assert.That(
        () => Limiter.RefundAsync("key", RateLimit.Concurrency(1)).AsTask(), Throws.ArgumentException.With.Property(
            nameof(ArgumentException.ParamName)).EqualTo("limit"));

    [Test]
    public async Task WaitForWhatCanNeverBe_EndsAtOnce() =>
        Assert.That((await Limiter.WaitAsync("key", HundredAnHour, 101, TimeSpan.FromHours(1))).IsImpossible, Is.True);

    [Test]
    public async Task UpToMoreThanTheLimit_IsPossible() =>
        Assert.That((await Limiter.AcquireUpToAsync("key", HundredAnHour, 1000)).IsImpossible, Is.False);

    private Task<RateLimitDecision> Acquire(string key, RateLimit limit, int permits = 1, CancellationToken cancellationToken = default) =>
        Limiter.AcquireAsync(key, limit, permits, cancellationToken).AsTask();

    [Test]
    public void TryDecideLocally_DecidesOrSaysNothing()
    {
        var isDecided = Limiter.TryAcquireLocally("undecided", HundredAnHour, 1, out var decision);

        Assert.That(decision, isDecided ? Is.Not.Default : Is.Default);
        Assert.That(() => Limiter.TryAcquireLocally("key", HundredAnHour, -1, out _), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(Limiter.TryAcquireLocally("key", HundredAnHour, 101, out var impossible) && impossible.IsImpossible, Is.True);
    }
}
