using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Gateway.Recovery;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Redis;
using RedisResilience.Tests.RateLimiting.Local;

namespace RedisResilience.Tests.RateLimiting;

/// <summary>What Redis gives to a caller who was told something else goes back.</summary>
internal sealed class LateGrantTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _time = new();

    public static IEnumerable<RateLimit> Limits =>
    [
        RateLimit.FixedWindow(10, Hour), RateLimit.SlidingWindow(10, Hour), RateLimit.SlidingLog(10, Hour),
        RateLimit.TokenBucket(10, Hour), RateLimit.All(RateLimit.FixedWindow(10, Hour), RateLimit.TokenBucket(10, Hour)),
        RateLimit.CalendarWindow(10, CalendarPeriod.Day),
        RateLimit.All(RateLimit.CalendarWindow(10, CalendarPeriod.Month), RateLimit.SlidingLog(10, Hour)),
    ];

    [TestCaseSource(nameof(Limits))]
    public async Task DeniedByThePolicy_HoldsNothing(RateLimit limit)
    {
        var denies = limit with { FailurePolicy = FailurePolicy.Deny };
        var redis = new FakeRedis(_time, denies) { IsLate = true };
        await using var node = redis.NewNode();
        Assert.That((await node.AcquireAsync("key", denies, 2)).IsAllowed, Is.False);
        Assert.That((await node.AcquireUpToAsync("key", denies, 3)).IsAllowed, Is.False);
        Assert.That((await node.WaitAsync("key", denies, 1, TimeSpan.FromMinutes(1))).IsAllowed, Is.False);
        Assert.That(redis.Look("key", denies).Remaining, Is.EqualTo(4));

        _time.Advance(TimeSpan.FromSeconds(2));
        redis.ReplyLate();

        // A bucket gets back what has not flowed in meanwhile; the rest is there after as much time.
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.That(redis.Look("key", denies).Remaining, Is.EqualTo(10));
    }

    [Test]
    public async Task OfAPrefetchingLimit_GoesBack_ButToNoBucketBeforeItsTime()
    {
        foreach (var (limit, remaining) in new (RateLimit, int)[]
        {
            (RateLimit.FixedWindow(10, Hour), 10), (RateLimit.SlidingWindow(10, Hour), 10), (RateLimit.TokenBucket(10, Hour), 8),
            (RateLimit.All(RateLimit.FixedWindow(10, Hour), RateLimit.TokenBucket(10, Hour)), 8),
        })
        {
            var ahead = limit.WithPrefetch() with { FailurePolicy = FailurePolicy.Deny };
            var redis = new FakeRedis(_time, ahead) { IsLate = true };
            await using var node = redis.NewNode();
            await node.AcquireAsync("key", ahead, 2);
            redis.ReplyLate();
            Assert.That(redis.Look("key", ahead).Remaining, Is.EqualTo(remaining), limit.ToString());
            _time.Advance(2 * Hour);
            Assert.That(redis.Look("key", ahead).Remaining, Is.EqualTo(10), limit.ToString());
        }
    }

    [Test]
    [Description("What cannot go back to a bucket is spent by whoever asks here next: no permit is lost that nobody holds.")]
    public async Task OfAPrefetchedBucket_IsSpentByTheNextCalls([Values] bool isCombined, [Values] bool hasBatch)
    {
        var bucket = RateLimit.TokenBucket(10, Hour);
        RateLimit counted = isCombined ? RateLimit.All(RateLimit.FixedWindow(10, Hour), bucket) : bucket;
        var limit = counted.WithPrefetch() with { FailurePolicy = FailurePolicy.Deny };
        var redis = new FakeRedis(_time, limit);
        await using var node = redis.NewNode();
        var taken = hasBatch ? (await node.AcquireAsync("key", limit, 3)).Granted : 0;
        redis.IsLate = true;
        Assert.That((await node.AcquireAsync("key", limit, 4)).IsAllowed, Is.False);
        redis.ReplyLate();
        for (var call = 0; call < 12; call++)
        {
            taken += (await node.AcquireAsync("key", limit)).Granted;
        }

        // A part of one permit has flowed in again by the time it could be spent: the bucket has that one.
        Assert.That(taken, Is.InRange(9, 10));
    }

    [Test]
    [Description("A reset key begins anew: what was taken before is worth nothing, whether it was given too late or is given back.")]
    public async Task OfAPrefetchedBucketThatWasReset_IsNotSpentAgain([Values] bool isLate)
    {
        var limit = RateLimit.TokenBucket(10, Hour).WithPrefetch() with { FailurePolicy = FailurePolicy.Deny };
        var redis = new FakeRedis(_time, limit) { IsLate = isLate };
        await using var node = redis.NewNode();
        var decision = await node.AcquireAsync("key", limit, 4);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await node.ResetAsync("key", limit), Is.True);
        _time.Advance(TimeSpan.FromSeconds(1));
        redis.ReplyLate();
        await node.RefundAsync("key", limit, decision);
        var taken = 0;
        for (var call = 0; call < 20; call++)
        {
            taken += (await node.AcquireAsync("key", limit)).Granted;
        }

        Assert.That(taken, Is.EqualTo(10));
    }

    [TestCaseSource(nameof(Limits))]
    public async Task ReplyFromBeforeAReset_GivesNothingBackToTheNewCount(RateLimit limit)
    {
        var denies = limit with { FailurePolicy = FailurePolicy.Deny };
        var redis = new FakeRedis(_time, denies) { IsLate = true };
        await using var node = redis.NewNode();
        await node.AcquireAsync("key", denies, 2);
        await node.ResetAsync("key", denies);
        _time.Advance(TimeSpan.FromSeconds(1));
        redis.Take("key", denies, 5);
        redis.ReplyLate();

        Assert.That(redis.Look("key", denies).Remaining, Is.EqualTo(5));
    }

    [TestCaseSource(nameof(Limits))]
    public async Task AllowedByThePolicy_HasUsedWhatItGot(RateLimit limit)
    {
        var redis = new FakeRedis(_time, limit) { IsLate = true };
        await using var node = redis.NewNode();
        Assert.That((await node.AcquireAsync("key", limit, 2)).IsAllowed, Is.True);
        redis.ReplyLate();
        Assert.That(redis.Look("key", limit).Remaining, Is.EqualTo(8));
    }

    [TestCaseSource(nameof(Limits))]
    public async Task WhileRedisIsAway_GoesBackBeforeItIsTrusted(RateLimit limit)
    {
        var denies = limit with { FailurePolicy = FailurePolicy.Deny };
        var redis = new FakeRedis(_time, denies) { IsLate = true };
        var recovery = new Mock<IRedisRecovery>();
        var steps = new List<IRecoveryStep>();
        recovery.Setup(way => way.Add(It.IsAny<IRecoveryStep>())).Callback((IRecoveryStep step) => steps.Add(step));
        var gateway = redis.Connect();
        await using var node = new RedisRateLimiter(gateway.Object, _time, recovery: recovery.Object);
        await node.AcquireAsync("key", denies, 2);

        gateway.SetupGet(stub => stub.IsAway).Returns(true);
        redis.ReplyLate();
        Assert.That(redis.Look("key", denies).Remaining, Is.EqualTo(8));
        foreach (var step in steps)
        {
            Assert.That(await step.RunAsync(redis.Connect().Object), Is.True);
        }

        Assert.That(redis.Look("key", denies).Remaining, Is.EqualTo(10));
    }

    [TestCaseSource(nameof(Limits))]
    public async Task ReplyThatComesInAnotherWindow_TakesNothingFromIt(RateLimit limit)
    {
        var denies = limit with { FailurePolicy = FailurePolicy.Deny };
        var redis = new FakeRedis(_time, denies) { IsLate = true };
        await using var node = redis.NewNode();
        await node.AcquireAsync("key", denies, 2);
        _time.Advance(limit.Window * 1.3);
        redis.Take("key", denies, 5);
        redis.ReplyLate();
        Assert.That(redis.Look("key", denies).Remaining, Is.EqualTo(5));
    }
}
