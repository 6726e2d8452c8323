using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Redis;
using RedisResilience.Tests.Gateway;

namespace RedisResilience.Tests.RateLimiting.Local;

internal sealed class PrefetchedPermitsTests
{
    private static readonly RateLimit Thousand = RateLimit.FixedWindow(1_000, TimeSpan.FromHours(1)).WithPrefetch();

    private readonly FakeTimeProvider _time = new();
    private readonly FakeRedis _redis;

    public PrefetchedPermitsTests() => _redis = new FakeRedis(_time, Thousand);

    [Test]
    public void Leases_AreOffByDefault() => Assert.That(RateLimit.FixedWindow(1_000, TimeSpan.FromHours(1)).MaximumPrefetch, Is.Zero);

    [TestCase(1_000, null, ExpectedResult = 100)]
    [TestCase(5, null, ExpectedResult = 1)]
    [TestCase(1_000, 1_000, ExpectedResult = 1_000)]
    public int MaximumLease_IsATenthUnlessSaid(int permits, int? maximum) =>
        RateLimit.FixedWindow(permits, TimeSpan.FromHours(1)).WithPrefetch(maximum).MaximumPrefetch;

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(1_001)]
    public void LeaseOutOfItsRange_IsRefused(int maximum) => Assert.That(
        () => RateLimit.FixedWindow(1_000, TimeSpan.FromHours(1)).WithPrefetch(maximum), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void LimitsWhosePermitsCannotBeTakenAhead_SayWhy()
    {
        Assert.That(
            () => RateLimit.SlidingLog(100, TimeSpan.FromHours(1)).WithPrefetch(),
            Throws.ArgumentException.With.Message.Contains("sliding window"));
        Assert.That(() => RateLimit.Concurrency(100).WithPrefetch(), Throws.ArgumentException);
    }

    [Test]
    public async Task BusyKey_IsSpentLocally_AndTheBatchGrows()
    {
        await using var node = _redis.NewNode();
        for (var call = 0; call < 200; call++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.That((await node.AcquireAsync("key", Thousand)).IsAllowed, Is.True);
        }

        Assert.That(_redis.Calls, Is.InRange(2, 12));
    }

    [Test]
    public async Task LeasedDecision_SaysWhoDecidedAndWhatIsLeft()
    {
        await using var node = _redis.NewNode();
        await WarmUpAsync(node);
        var decision = await node.AcquireAsync("key", Thousand);
        Assert.That(
            (decision.IsAllowed, decision.Granted, decision.Source, decision.IsDegraded, decision.Limit, decision.Remaining),
            Is.EqualTo((true, 1, DecisionSource.Local, false, 1_000, 1_000 - 51)));
        Assert.That(decision.ResetAfter, Is.InRange(TimeSpan.FromMinutes(59), TimeSpan.FromHours(1)));
    }

    [Test]
    public async Task SlowKey_IsNotLeased()
    {
        await using var node = _redis.NewNode();
        for (var call = 0; call < 10; call++)
        {
            await node.AcquireAsync("key", Thousand);
            _time.Advance(TimeSpan.FromSeconds(3));
        }

        Assert.That((_redis.Calls, Remaining), Is.EqualTo((10, 990)));
    }

    [Test]
    public async Task NearTheLimit_BatchesShrink_AndEveryPermitIsFound()
    {
        var limit = RateLimit.FixedWindow(100, TimeSpan.FromHours(1)).WithPrefetch(100);
        var redis = new FakeRedis(_time, limit);
        await using var one = redis.NewNode();
        await using var other = redis.NewNode();
        var admitted = 0;
        for (var call = 0; call < 200; call++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(20));
            admitted += (await (call % 2 == 0 ? one : other).AcquireAsync("key", limit)).IsAllowed ? 1 : 0;
        }

        Assert.That(admitted, Is.EqualTo(100));
    }

    [Test]
    public async Task IdleLease_GoesBack()
    {
        await using var node = _redis.NewNode();
        await WarmUpAsync(node);
        Assert.That(Remaining, Is.LessThan(950), "something is held");
        for (var second = 0; second < 4; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(Remaining, Is.EqualTo(950));
    }

    [Test]
    public async Task LeaseOfAKeyThatMakesRoomForOthers_GoesBack()
    {
        await using var node = new RedisRateLimiter(_redis.Connect().Object, _time, localKeys: 3);
        await WarmUpAsync(node);
        Assert.That(Remaining, Is.LessThan(950), "something is held");
        for (var other = 0; other < 20; other++)
        {
            await node.AcquireAsync($"other {other}", Thousand);
        }

        Assert.That(Remaining, Is.EqualTo(950));
    }

    [Test]
    public async Task Shutdown_OfManyKeysOnAServerThatHangs_TakesOneDeadline()
    {
        var gateway = _redis.Connect();
        var node = new RedisRateLimiter(gateway.Object, _time);
        for (var call = 0; call < 50; call++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            for (var key = 0; key < 200; key++)
            {
                await node.AcquireAsync($"key{key}", Thousand);
            }
        }

        var hung = new SlowRedis(_time, roundTrip: TimeSpan.FromHours(1));
        gateway.Setup(stub => stub.Since(It.IsAny<long>())).Returns((long startedAt) => hung.Since(startedAt));
        var began = _time.GetTimestamp();
        await node.DisposeAsync();
        Assert.That(_time.GetElapsedTime(began), Is.EqualTo(SlowRedis.Deadline));
    }

    [Test]
    public async Task Shutdown_GivesBackWhatIsHeld_AndLeaves()
    {
        var node = _redis.NewNode();
        await WarmUpAsync(node);
        Assert.That(_redis.Nodes, Has.Count.EqualTo(1));
        await node.DisposeAsync();
        Assert.That((Remaining, _redis.Nodes.Count), Is.EqualTo((950, 0)));
    }

    [Test]
    public async Task LeaseOfAWindowThatHasEnded_IsWorthNothing_AndNothingGoesBack()
    {
        await using var node = _redis.NewNode();
        await WarmUpAsync(node);
        _time.Advance(TimeSpan.FromHours(1));
        var decision = await node.AcquireAsync("key", Thousand);
        Assert.That((decision.Source, decision.Remaining, Remaining), Is.EqualTo((DecisionSource.Redis, 999, 999)));
    }

    [Test]
    public async Task ReturnThatComesTooLate_IsNotHeard()
    {
        await using var node = _redis.NewNode();
        await WarmUpAsync(node);

        // The server hangs until the window is over, and another one has opened.
        _redis.OnTheWay = () =>
        {
            _redis.OnTheWay = () => { };
            _time.Advance(TimeSpan.FromHours(1));
            _redis.Take("key", Thousand, 50);
        };
        for (var second = 0; second < 3; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That((_redis.LastRequest.Unit < 0, Remaining), Is.EqualTo((true, 950)));
    }

    [Test]
    public async Task Reset_EndsTheLease()
    {
        await using var node = _redis.NewNode();
        await WarmUpAsync(node);
        await node.ResetAsync("key", Thousand);
        var decision = await node.AcquireAsync("key", Thousand);
        Assert.That((decision.Source, decision.Remaining), Is.EqualTo((DecisionSource.Redis, 999)));
    }

    [Test]
    public async Task ChangedLimit_IsAnotherLimit()
    {
        var changed = RateLimit.FixedWindow(60, TimeSpan.FromHours(1)).WithPrefetch();
        var redis = new FakeRedis(_time, Thousand, changed);
        await using var node = redis.NewNode();
        await WarmUpAsync(node);
        Assert.That((await node.AcquireAsync("key", changed)).Source, Is.EqualTo(DecisionSource.Redis));
    }

    [Test]
    public async Task RedisAway_WhatIsPaidForIsSpent()
    {
        await using var node = _redis.NewNode();
        await WarmUpAsync(node);
        _redis.Fault = Fault.CircuitOpen;
        var decision = await node.AcquireAsync("key", Thousand);
        Assert.That((decision.IsAllowed, decision.Source), Is.EqualTo((true, DecisionSource.Local)));
    }

    [Test]
    public async Task ManyThreads_SpendNoPermitTwice()
    {
        var limit = RateLimit.FixedWindow(20_000, TimeSpan.FromHours(1)).WithPrefetch(20_000) with { FailurePolicy = FailurePolicy.Deny };
        var redis = new FakeRedis(_time, limit);
        await using var node = redis.NewNode();
        await WarmUpAsync(node, limit);
        redis.Fault = Fault.CircuitOpen;
        var taken = 20_000 - redis.Look("key", limit).Remaining;
        var spent = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var spent = 0;
            while ((await node.AcquireAsync("key", limit)).IsAllowed)
            {
                spent++;
            }

            return spent;
        }))).WaitAsync(Patience.Limit);
        Assert.That(spent.Sum(), Is.EqualTo(taken - 50));
    }

    [Test]
    public async Task RefundOfADecision_GoesToTheBatchThatItWasSpentFrom()
    {
        await using var node = _redis.NewNode();
        await WarmUpAsync(node);
        var decision = await node.AcquireAsync("key", Thousand);
        var taken = Remaining;
        Assert.That(await node.RefundAsync("key", Thousand, decision), Is.True);
        Assert.That(Remaining, Is.EqualTo(taken), "Redis is not asked");
        Assert.That((await node.AcquireAsync("key", Thousand)).Remaining, Is.EqualTo(decision.Remaining));
    }

    [Test]
    public async Task RefundToABatchThatWentBack_GoesToRedis()
    {
        await using var node = _redis.NewNode();
        await WarmUpAsync(node);
        var decision = await node.AcquireAsync("key", Thousand);
        _time.Advance(TimeSpan.FromSeconds(30));
        await node.AcquireAsync("key", Thousand);
        Assert.That(Remaining, Is.EqualTo(1_000 - 52), "one batch went back for the next");
        Assert.That(await node.RefundAsync("key", Thousand, decision), Is.True);
        Assert.That(Remaining, Is.EqualTo(1_000 - 51));
    }

    [Test]
    public async Task RefundOfAWindowThatHasEnded_GivesTheNextNothing()
    {
        await using var node = _redis.NewNode();
        await WarmUpAsync(node);
        var early = await node.AcquireAsync("key", Thousand);
        _time.Advance(TimeSpan.FromHours(1));
        await WarmUpAsync(node);
        var (before, late) = (Remaining, await node.AcquireAsync("key", Thousand));
        Assert.That(await node.RefundAsync("key", Thousand, early), Is.True);
        Assert.That(((await node.AcquireAsync("key", Thousand)).Remaining, Remaining), Is.EqualTo((late.Remaining - 1, before)));
    }

    [Test]
    public async Task RefundToABucketOfWhichIsPrefetched_ShortensNobodysTime()
    {
        var bucket = RateLimit.TokenBucket(100, TimeSpan.FromSeconds(1), 200).WithPrefetch(100);
        var redis = new FakeRedis(_time, bucket);
        await using var node = redis.NewNode();
        var first = await node.AcquireAsync("key", bucket, 50);
        var upTo = await node.AcquireUpToAsync("key", bucket, 50);
        await WarmUpAsync(node, bucket);
        var taken = redis.Look("key", bucket).Remaining;
        await node.RefundAsync("key", bucket, first);
        await node.RefundAsync("key", bucket, upTo);
        Assert.That(redis.Look("key", bucket).Remaining, Is.EqualTo(taken));
    }

    private int Remaining => _redis.Look("key", Thousand).Remaining;

    /// <summary>Fifty calls.</summary>
    private Task WarmUpAsync(RedisRateLimiter node) => WarmUpAsync(node, Thousand);

    private async Task WarmUpAsync(RedisRateLimiter node, RateLimit limit)
    {
        for (var call = 0; call < 50; call++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await node.AcquireAsync("key", limit);
        }
    }
}
