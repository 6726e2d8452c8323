using Microsoft.Extensions.Time.Testing;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.RateLimiting.Local;

/// <summary>What one node knows has an age: what another one changes shows within a second or two, and an outage frees nothing.</summary>
internal sealed class DenialAgeTests
{
    private static readonly RateLimit OneAnHour = RateLimit.FixedWindow(1, TimeSpan.FromHours(1)) with
    {
        FailurePolicy = FailurePolicy.Allow,
    };
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();

    [Test]
    public async Task ResetByAnotherNode_ShowsWithinASecond()
    {
        var redis = new FakeRedis(_time, OneAnHour);
        await using var node = redis.NewNode();
        await using var other = redis.NewNode();
        await node.AcquireAsync("key", OneAnHour);
        Assert.That((await node.AcquireAsync("key", OneAnHour)).Source, Is.EqualTo(DecisionSource.Redis));
        await other.ResetAsync("key", OneAnHour);
        Assert.That((await node.AcquireAsync("key", OneAnHour)).IsAllowed, Is.False);
        _time.Advance(Second);
        Assert.That((await node.AcquireAsync("key", OneAnHour)).IsAllowed, Is.True);
    }

    [Test]
    public async Task FloodOfADeniedKey_CostsOneCallASecond()
    {
        var redis = new FakeRedis(_time, OneAnHour);
        await using var node = redis.NewNode();
        await node.AcquireAsync("key", OneAnHour);
        var before = redis.Calls;
        for (var call = 0; call < 1000; call++)
        {
            _time.Advance(Second / 100);
            var isKnown = node.TryAcquireLocally("key", OneAnHour, 1, out var decision);
            Assert.That(isKnown ? decision.IsAllowed : (await node.AcquireAsync("key", OneAnHour)).IsAllowed, Is.False);
        }

        Assert.That(redis.Calls - before, Is.InRange(9, 11));
    }

    [TestCase(Fault.CircuitOpen)]
    [TestCase(Fault.DeadlineExceeded)]
    public async Task RedisAway_WhatItDeniedStaysDenied(Fault fault)
    {
        var redis = new FakeRedis(_time, OneAnHour);
        await using var node = redis.NewNode();
        await node.AcquireAsync("key", OneAnHour);
        await node.AcquireAsync("key", OneAnHour);
        redis.Fault = fault;
        _time.Advance(Second * 5);
        Assert.That((await node.AcquireAsync("key", OneAnHour)).IsAllowed, Is.False);
        Assert.That((await node.AcquireAsync("another", OneAnHour)).IsAllowed, Is.True);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That((await node.AcquireAsync("key", OneAnHour)).IsAllowed, Is.True);
    }

    [Test]
    public async Task RefundOfPrefetchedPermits_StaysInTheProcess()
    {
        var limit = RateLimit.TokenBucket(100, Second).WithPrefetch(50);
        var redis = new FakeRedis(_time, limit);
        await using var node = redis.NewNode();
        await node.AcquireAsync("key", limit, 5);
        var (calls, remaining) = (redis.Calls, redis.Look("key", limit).Remaining);
        Assert.That(await node.RefundAsync("key", limit, 3), Is.True);
        Assert.That((redis.Calls, redis.Look("key", limit).Remaining), Is.EqualTo((calls, remaining)));
        Assert.That((await node.AcquireAsync("key", limit)).Source, Is.EqualTo(DecisionSource.Local));

        // What flows in again is nobody's refund: by then Redis counts it no more.
        await node.RefundAsync("key", limit);
        _time.Advance(Second);
        Assert.That((await node.AcquireAsync("key", limit)).Source, Is.EqualTo(DecisionSource.Redis));
    }
}
