using Microsoft.Extensions.Time.Testing;
using RedisResilience.Diagnostics;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.Documentation;

/// <summary>The test on the page about testing is a test.</summary>
internal sealed class TestingExamples
{
    [Test]
    public async Task ThirdCall_IsDenied()
    {
        var time = new FakeTimeProvider();
        using var limiter = new InMemoryRateLimiter(time);
        var limit = RateLimit.FixedWindow(2, TimeSpan.FromMinutes(1));

        await limiter.AcquireAsync("alice", limit, permits: 2);
        var denied = await limiter.AcquireAsync("alice", limit);
        time.Advance(TimeSpan.FromMinutes(1));
        var allowed = await limiter.AcquireAsync("alice", limit);

        Assert.That((denied.IsAllowed, allowed.IsAllowed), Is.EqualTo((false, true)));
    }

    [Test]
    public void FakeStatus_SaysWhatItIsTold()
    {
        Assert.That(new FakeRedisStatus().WaitUntilAvailableAsync().IsCompletedSuccessfully, Is.True);

        var status = new FakeRedisStatus();
        status.Current = status.Current with { Availability = RedisAvailability.Unavailable, Reason = "connection refused" };

        Assert.That(status.Current.Reason, Is.EqualTo("connection refused"));
        Assert.That(status.WaitUntilAvailableAsync(new CancellationToken(canceled: true)).IsCanceled, Is.True);
    }

    [Test]
    public void DecisionsOfATest_AreWhatTheySay()
    {
        var denied = new RateLimitDecision
        {
            IsAllowed = false,
            Limit = 10,
            Remaining = 0,
            RetryAfter = TimeSpan.FromSeconds(3),
            Source = DecisionSource.Redis,
        };
        var held = denied with { IsAllowed = true, RetryAfter = TimeSpan.Zero, Lease = new ConcurrencyLease() };

        Assert.That((denied.IsAllowed, denied.RetryAfter), Is.EqualTo((false, TimeSpan.FromSeconds(3))));
        Assert.That((held.IsAllowed, held.Lease is not null), Is.EqualTo((true, true)));
    }

    internal sealed class FakeRedisStatus : IRedisStatus
    {
        public RedisStatus Current { get; set; } = new() { Availability = RedisAvailability.Available };

        public Task WaitUntilAvailableAsync(CancellationToken cancellationToken = default) => Current.Availability switch
        {
            RedisAvailability.Available or RedisAvailability.NotConfigured => Task.CompletedTask,
            _ => new TaskCompletionSource().Task.WaitAsync(cancellationToken),      // away for as long as the test lasts
        };
    }
}
