using System.Threading.RateLimiting;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.AspNetCore.RateLimiting.Platform;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.AspNetCore.RateLimiting.Platform;

public sealed class RedisPartitionedRateLimiterTests
{
    private static readonly RateLimit Five = RateLimit.FixedWindow(5, TimeSpan.FromMinutes(1));

    private readonly FakeLimiter _limiter = new();

    [Test]
    public async Task Acquire_AsksForTheResourcesKeyAndLimit()
    {
        await using var platform = new RedisPartitionedRateLimiter<string>(
            _limiter, resource => resource, resource => Five with { Name = resource.Length > 5 ? null : resource });

        using var lease = await platform.AcquireAsync("alice", 2);
        using var hashed = await platform.AcquireAsync("{evil}\n");

        Assert.That(lease.IsAcquired, Is.True);
        Assert.That(
            _limiter.Asked, Is.EqualTo(new[] { ("alice", Five with { Name = "alice" }, 2), (PartitionKey.Own("{evil}\n"), Five, 1) }));
    }

    [Test]
    public async Task Denied_TellsWhenAndWhoAndWhatIsLeft()
    {
        _limiter.Decide = limit => Task.FromResult(FakeLimiter.Denied(limit, 1.5));
        await using var platform = new RedisPartitionedRateLimiter<string>(_limiter, resource => resource, _ => Five);

        using var lease = await platform.AcquireAsync("alice");

        Assert.That(lease.IsAcquired, Is.False);
        Assert.That(lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter)
            ? retryAfter
            : default, Is.EqualTo(TimeSpan.FromSeconds(1.5)));
        Assert.That(lease.TryGetMetadata(RateLimitMetadataNames.Limit, out var limit) ? limit : 0, Is.EqualTo(5));
        Assert.That(lease.TryGetMetadata(RateLimitMetadataNames.Remaining, out var remaining) ? remaining : -1, Is.Zero);
        Assert.That(
            lease.TryGetMetadata(RateLimitMetadataNames.Source, out var decider) ? decider : default, Is.EqualTo(DecisionSource.Redis));
        Assert.That(lease.TryGetMetadata("NOTHING", out _), Is.False);
        Assert.That(lease.MetadataNames, Has.Exactly(5).Items);
    }

    [Test]
    public async Task Allowed_HasNoRetryAfter()
    {
        await using var platform = new RedisPartitionedRateLimiter<string>(_limiter, resource => resource, _ => Five);

        using var lease = await platform.AcquireAsync("alice");

        Assert.That(lease.TryGetMetadata(MetadataName.RetryAfter, out _), Is.False);
        Assert.That(lease.MetadataNames, Does.Not.Contain(MetadataName.RetryAfter.Name));
    }

    [Test]
    public void AttemptAcquire_NeitherWaitsNorTakes()
    {
        using var platform = new RedisPartitionedRateLimiter<string>(_limiter, resource => resource, _ => Five);

        using var lease = platform.AttemptAcquire("alice");

        Assert.That(lease.IsAcquired, Is.False);
        Assert.That(lease.MetadataNames, Is.Empty);
        Assert.That(platform.GetStatistics("alice"), Is.Null);
        Assert.That(_limiter.Asked, Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void AttemptAcquire_AnswersWhatIsKnown(bool isAllowed)
    {
        _limiter.Know = limit => isAllowed ? FakeLimiter.Allowed(limit) : FakeLimiter.Denied(limit, 3);
        using var platform = new RedisPartitionedRateLimiter<string>(_limiter, resource => resource, _ => Five);

        using var lease = platform.AttemptAcquire("alice");

        Assert.That(lease.IsAcquired, Is.EqualTo(isAllowed));
        Assert.That(lease.TryGetMetadata(MetadataName.RetryAfter, out _), Is.EqualTo(!isAllowed));
        Assert.That(_limiter.Asked, Is.Empty);
    }

    [Test]
    public async Task NoLimit_IsAcquiredEitherWay()
    {
        await using var platform = new RedisPartitionedRateLimiter<string>(_limiter, resource => resource, _ => null);

        using var attempted = platform.AttemptAcquire("alice");
        using var acquired = await platform.AcquireAsync("alice");

        Assert.That(attempted.IsAcquired && acquired.IsAcquired, Is.True);
        Assert.That(_limiter.Asked, Is.Empty);
    }

    [Test]
    public async Task LeaseOfAConcurrencyLimit_GivesItsPermitBackOnce()
    {
        using var limiter = new InMemoryRateLimiter();
        var one = RateLimit.Concurrency(1);
        await using var platform = new RedisPartitionedRateLimiter<string>(limiter, resource => resource, _ => one);

        var first = await platform.AcquireAsync("alice");
        using (var second = await platform.AcquireAsync("alice"))
        {
            Assert.That(second.IsAcquired, Is.False);
        }

        first.Dispose();
        using var third = await platform.AcquireAsync("alice");
        first.Dispose();
        using var fourth = await platform.AcquireAsync("alice");

        Assert.That((third.IsAcquired, fourth.IsAcquired), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task CancelledCaller_IsNotLimitedButCancelled()
    {
        await using var platform = new RedisPartitionedRateLimiter<string>(_limiter, resource => resource, _ => Five);

        Assert.That(async () => await platform.AcquireAsync(
            "alice", cancellationToken: new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }
}
