using Microsoft.Extensions.Time.Testing;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting;
using RedisResilience.Tests.RateLimiting.Local;

namespace RedisResilience.Tests.RateLimiting;

/// <summary>Permits that nobody holds go back although Redis does not take them at once.</summary>
internal sealed class PermitReturnsTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _time = new();

    [TestCaseSource(typeof(LateGrantTests), nameof(LateGrantTests.Limits))]
    [Description("Redis answers others, and refuses this command: it was not done, and is sent again until it is.")]
    public async Task RefusedWhenItGoesBack_GoesBackWithinASecond(RateLimit limit)
    {
        var denies = limit with { FailurePolicy = FailurePolicy.Deny };
        var redis = new FakeRedis(_time, denies) { IsLate = true };
        await using var node = redis.NewNode();
        await node.AcquireAsync("key", denies, 2);
        redis.Fault = Fault.OutOfMemory;
        redis.ReplyLate();
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.That(redis.Look("key", denies).Remaining, Is.EqualTo(8), "as little as Redis takes");

        redis.Fault = Fault.None;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(redis.Look("key", denies).Remaining, Is.EqualTo(10));
        _time.Advance(TimeSpan.FromSeconds(1));
        redis.Take("key", denies, 5);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(redis.Look("key", denies).Remaining, Is.EqualTo(5), "once");
    }

    [Test]
    [Description("What was taken ahead and is not spent goes back too, whatever Redis says to it at first.")]
    public async Task RefusedWhenABatchGoesBack_GoesBackWithinASecond([Values(Fault.OutOfMemory, Fault.TooManyCalls)] Fault fault)
    {
        var limit = RateLimit.FixedWindow(100, Hour).WithPrefetch(20) with { FailurePolicy = FailurePolicy.Deny };
        var redis = new FakeRedis(_time, limit);
        await using var node = redis.NewNode();
        var taken = 0;
        for (var call = 0; call < 12; call++)
        {
            taken += (await node.AcquireAsync("key", limit)).Granted;
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.That(redis.Look("key", limit).Remaining, Is.LessThan(100 - taken), "some are taken ahead");
        redis.Fault = fault;
        _time.Advance(TimeSpan.FromSeconds(4));
        redis.Fault = Fault.None;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(redis.Look("key", limit).Remaining, Is.EqualTo(100 - taken));
    }
}
