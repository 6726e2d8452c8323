using CsCheck;
using Microsoft.Extensions.Time.Testing;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Local;
using RedisResilience.RateLimiting.Local.Fallback;
using RedisResilience.RateLimiting.Redis;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.Tests.RateLimiting.Local;

/// <summary><see cref="FailurePolicy.Local"/>.</summary>
internal sealed class SharesTests
{
    private static readonly RateLimit Hundred = RateLimit.FixedWindow(100, TimeSpan.FromHours(1)) with
    {
        FailurePolicy = FailurePolicy.Local,
    };

    private readonly FakeTimeProvider _time = new();
    private readonly FakeRedis _redis;

    public SharesTests() => _redis = new FakeRedis(_time, Hundred);

    [Test]
    public void Shares_AddUpToTheWhole() => Gen.Select(Gen.Int[1, 40], Gen.Int[0, 1000]).Sample(
        (nodes, permits) => Enumerable.Range(0, nodes).Sum(rank => new NodeShare(nodes, rank).ShareOf(permits)) == permits,
        iter: 1000,
        writeLine: TestContext.Out.WriteLine);

    [Test]
    public void ShareOfEachKind_HasItsPartOfPermitsAndRate()
    {
        var first = new NodeShare(3, 0);
        var second = TimeSpan.FromSeconds(1);
        Assert.That(RateLimit.FixedWindow(10, second).ShareOf(first), Is.EqualTo(RateLimit.FixedWindow(4, second)));
        Assert.That(RateLimit.SlidingWindow(10, second, 5).ShareOf(first), Is.EqualTo(RateLimit.SlidingWindow(4, second, 5)));
        Assert.That(RateLimit.SlidingLog(10, second).ShareOf(first), Is.EqualTo(RateLimit.SlidingLog(4, second)));
        Assert.That(RateLimit.TokenBucket(6, second, 10).ShareOf(first), Is.EqualTo(RateLimit.TokenBucket(6, 3 * second, 4)));
        Assert.That(RateLimit.Concurrency(10).ShareOf(first), Is.EqualTo(RateLimit.Concurrency(4)));
        Assert.That(
            RateLimit.All(RateLimit.FixedWindow(10, second), RateLimit.SlidingWindow(20, second)).ShareOf(first),
            Is.EqualTo(RateLimit.All(RateLimit.FixedWindow(4, second), RateLimit.SlidingWindow(7, second))));
        Assert.That(RateLimit.FixedWindow(2, second).ShareOf(new NodeShare(3, 2)), Is.Null);
    }

    [Test]
    public async Task AloneAndNothingKnown_TheNodeHasTheWholeLimit()
    {
        await using var node = _redis.NewNode();
        _redis.Fault = Fault.CircuitOpen;
        var decisions = await AcquireAsync(node, 101);
        Assert.That(decisions.Count(decision => decision.IsAllowed), Is.EqualTo(100));
        Assert.That(
            decisions.Select(decision => (decision.Source, decision.IsDegraded)).Distinct(),
            Is.EqualTo(new[] { (DecisionSource.FailurePolicy, true) }));
        Assert.That((decisions[0].Remaining, decisions[^1].RetryAfter), Is.EqualTo((99, TimeSpan.FromHours(1))));
    }

    [Test]
    public async Task SeveralNodes_TogetherAdmitWhatWasLeft()
    {
        var nodes = new[] { _redis.NewNode(), _redis.NewNode(), _redis.NewNode() };
        foreach (var node in nodes)
        {
            await AcquireAsync(node, 10);
        }

        // Each has heard of the others, and knows what is left.
        _time.Advance(TimeSpan.FromSeconds(6));
        foreach (var node in nodes)
        {
            await node.AcquireAsync("key", Hundred, 0);
        }

        _redis.Fault = Fault.CircuitOpen;
        var admitted = 0;
        foreach (var node in nodes)
        {
            admitted += (await AcquireAsync(node, 100)).Count(decision => decision.IsAllowed);
        }

        Assert.That(admitted, Is.EqualTo(70));
    }

    [Test]
    public async Task NodesThatAskedBeforeAnotherTookNearlyAll_DivideWhatIsLeft()
    {
        var nodes = new[] { _redis.NewNode(), _redis.NewNode(), _redis.NewNode(), _redis.NewNode() };
        foreach (var node in nodes)
        {
            await node.AcquireAsync("key", Hundred);
        }

        // Each has heard of the others. One takes nearly all, and the others hear of it within a second or two.
        _time.Advance(TimeSpan.FromSeconds(6));
        await AcquireAsync(nodes[3], 84);
        _time.Advance(TimeSpan.FromSeconds(2));
        _redis.Fault = Fault.CircuitOpen;
        var admitted = 0;
        foreach (var node in nodes)
        {
            admitted += (await AcquireAsync(node, 100)).Count(decision => decision.IsAllowed);
        }

        Assert.That(admitted, Is.EqualTo(12));
    }

    [Test]
    public async Task FloodOfOtherKeys_LeavesAShareAsItIs_AndGetsOneShareBeyondTheBound()
    {
        await using var node = new RedisRateLimiter(_redis.Connect().Object, _time, localKeys: 1000);
        _redis.Fault = Fault.CircuitOpen;
        Assert.That((await AcquireAsync(node, 101)).Count(decision => decision.IsAllowed), Is.EqualTo(100));
        var flood = 0;
        for (var other = 0; other < 5000; other++)
        {
            flood += (await node.AcquireAsync($"other {other}", Hundred)).IsAllowed ? 1 : 0;
        }

        Assert.That((await node.AcquireAsync("key", Hundred)).IsAllowed, Is.False);
        Assert.That(flood, Is.EqualTo(999 + 100));
    }

    [Test]
    public async Task WhatWasKnown_HoldsUntilTheWindowEnds()
    {
        await using var node = _redis.NewNode();
        await AcquireAsync(node, 90);
        _redis.Fault = Fault.CircuitOpen;
        var before = await AcquireAsync(node, 20);
        _time.Advance(TimeSpan.FromHours(1));
        var after = await AcquireAsync(node, 200);
        Assert.That(
            (before.Count(decision => decision.IsAllowed), before[^1].RetryAfter, after.Count(decision => decision.IsAllowed)),
            Is.EqualTo((10, TimeSpan.FromHours(1), 100)));
    }

    [Test]
    public async Task RedisBack_IsToldWhatWasTaken_BeforeItIsAskedAgain()
    {
        var gateway = _redis.Connect().Object;
        var recovery = new Steps();
        await using var node = new RedisRateLimiter(gateway, _time, recovery: recovery);
        await AcquireAsync(node, 10);
        _redis.Fault = Fault.CircuitOpen;
        await AcquireAsync(node, 30);
        _redis.Fault = Fault.None;
        Assert.That(await recovery.RunAsync(gateway), Is.True);
        Assert.That((_redis.LastRequest, _redis.Look("key", Hundred).Remaining), Is.EqualTo((PermitRequest.UpTo(30), 60)));

        // And only once.
        await recovery.RunAsync(gateway);
        Assert.That(_redis.Look("key", Hundred).Remaining, Is.EqualTo(60));
    }

    [TestCase(Fault.CircuitOpen, 60)]
    [TestCase(Fault.OutOfMemory, 60)]
    [TestCase(Fault.DeadlineExceeded, 90)]
    public async Task RedisGoneAgain_WhatWasNotSentIsToldLater_AndWhatMayHaveBeenCountedIsNot(Fault fault, int remaining)
    {
        var gateway = _redis.Connect().Object;
        var recovery = new Steps();
        await using var node = new RedisRateLimiter(gateway, _time, recovery: recovery);
        await AcquireAsync(node, 10);
        _redis.Fault = fault;
        await AcquireAsync(node, 30);
        Assert.That(await recovery.RunAsync(gateway), Is.True);
        _redis.Fault = Fault.None;
        await recovery.RunAsync(gateway);
        Assert.That(_redis.Look("key", Hundred).Remaining, Is.EqualTo(remaining));
    }

    [Test]
    public async Task WhatTheLimitHasGivenBackMeanwhile_IsNotTold()
    {
        var gateway = _redis.Connect().Object;
        var recovery = new Steps();
        await using var node = new RedisRateLimiter(gateway, _time, recovery: recovery);
        _redis.Fault = Fault.CircuitOpen;
        await AcquireAsync(node, 30);
        _time.Advance(TimeSpan.FromHours(2));
        await AcquireAsync(node, 5);
        _redis.Fault = Fault.None;
        await recovery.RunAsync(gateway);
        Assert.That(_redis.Look("key", Hundred).Remaining, Is.EqualTo(95));
    }

    [Test]
    public async Task OneMissedAnswer_IsToldWithTheNextOne()
    {
        await using var node = _redis.NewNode();
        _redis.Fault = Fault.DeadlineExceeded;
        await AcquireAsync(node, 1);
        _redis.Fault = Fault.None;
        await AcquireAsync(node, 1);
        Assert.That(_redis.Look("key", Hundred).Remaining, Is.EqualTo(98));
    }

    [Test]
    public async Task MoreNodesThanPermits_SomeNodesHaveNoShare()
    {
        var limit = RateLimit.FixedWindow(2, TimeSpan.FromHours(1)) with { FailurePolicy = FailurePolicy.Local };
        var redis = new FakeRedis(_time, limit);
        var nodes = Enumerable.Range(0, 5).Select(_ => redis.NewNode()).ToArray();
        foreach (var node in nodes)
        {
            await node.AcquireAsync("other", limit);
        }

        _time.Advance(TimeSpan.FromSeconds(6));
        redis.Fault = Fault.CircuitOpen;
        var admitted = 0;
        foreach (var node in nodes)
        {
            admitted += (await node.AcquireAsync("key", limit)).IsAllowed ? 1 : 0;
        }

        Assert.That(admitted, Is.EqualTo(2));
    }

    [Test]
    public async Task HeldPermits_GoBackWhenTheirLeaseIsDisposed()
    {
        var limit = RateLimit.Concurrency(1) with { FailurePolicy = FailurePolicy.Local };
        await using var node = _redis.NewNode();
        _redis.Fault = Fault.CircuitOpen;
        var held = await node.AcquireAsync("key", limit);
        var denied = await node.AcquireAsync("key", limit);
        await held.Lease!.DisposeAsync();
        var again = await node.AcquireAsync("key", limit);
        Assert.That((held.IsAllowed, denied.IsAllowed, again.IsAllowed, again.IsDegraded), Is.EqualTo((true, false, true, true)));
    }

    [Test]
    public async Task NodesThatFallSilent_AreNotCounted()
    {
        var (one, other) = (_redis.NewNode(), _redis.NewNode());
        await AcquireAsync(one, 1);
        await AcquireAsync(other, 1);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_redis.Nodes, Has.Count.EqualTo(2));
        await other.DisposeAsync();
        Assert.That(_redis.Nodes, Has.Count.EqualTo(1));
        await one.DisposeAsync();
    }

    [Test]
    public async Task LimitsOfOtherPolicies_NeedNoHeartbeat()
    {
        await using var node = new FakeRedis(_time, Hundred with { FailurePolicy = FailurePolicy.Deny }).NewNode();
        await node.AcquireAsync("key", Hundred with { FailurePolicy = FailurePolicy.Deny });
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(_redis.Nodes, Is.Empty);
    }

    private static async Task<List<RateLimitDecision>> AcquireAsync(RedisRateLimiter node, int calls)
    {
        var decisions = new List<RateLimitDecision>();
        for (var call = 0; call < calls; call++)
        {
            decisions.Add(await node.AcquireAsync("key", Hundred));
        }

        return decisions;
    }

    private sealed class Steps : RedisResilience.Gateway.Recovery.IRedisRecovery
    {
        private RedisResilience.Gateway.Recovery.IRecoveryStep? _step;

        public long Generation => 0;

        public void Add(RedisResilience.Gateway.Recovery.IRecoveryStep step) => _step = step;

        public ValueTask<bool> RunAsync(IRedisGateway redis) => _step!.RunAsync(redis);
    }
}
