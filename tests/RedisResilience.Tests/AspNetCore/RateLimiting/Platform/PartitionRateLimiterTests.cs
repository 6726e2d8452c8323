using Microsoft.Extensions.Time.Testing;
using RedisResilience.AspNetCore.RateLimiting.Platform;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.AspNetCore.RateLimiting.Platform;

public sealed class PartitionRateLimiterTests
{
    private static readonly PlatformPartition Partition = new("alice", RateLimit.FixedWindow(5, TimeSpan.FromMinutes(1)), Cost: 2);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeLimiter _limiter = new();

    [Test]
    public async Task IdleDuration_GrowsFromTheLastUse_SoThatThePlatformForgetsThePartition()
    {
        await using var partition = new PartitionRateLimiter(_limiter, Partition, _time);
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.That(partition.IdleDuration, Is.EqualTo(TimeSpan.FromSeconds(11)));

        using var lease = await partition.AcquireAsync();
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.That(partition.IdleDuration, Is.EqualTo(TimeSpan.FromSeconds(3)));
    }

    [Test]
    public async Task Statistics_AreOfWhatThisProcessHasSeen()
    {
        await using var partition = new PartitionRateLimiter(_limiter, Partition, _time);
        using var allowed = await partition.AcquireAsync();
        _limiter.Decide = limit => Task.FromResult(FakeLimiter.Denied(limit, 1));
        using var denied = await partition.AcquireAsync();
        using var attempted = partition.AttemptAcquire();

        var statistics = partition.GetStatistics();

        Assert.That(
            (statistics.TotalSuccessfulLeases, statistics.TotalFailedLeases, statistics.CurrentAvailablePermits), Is.EqualTo((1, 1, 0)));
        Assert.That(_limiter.Asked.Select(asked => asked.Permits), Is.EqualTo(new[] { 2, 2 }), "statistics and attempts ask nobody");
    }
}
