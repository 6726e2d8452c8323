using Microsoft.Extensions.Time.Testing;
using RedisResilience.Caching;
using RedisResilience.Tests.Gateway;

namespace RedisResilience.Tests.Caching;

/// <summary>However many steps a call of the cache takes, and however slow each of them is: together they take one deadline.</summary>
internal sealed class SharedDeadlineTests
{
    private static readonly TimeSpan[] RoundTrips = [TimeSpan.FromMilliseconds(90), TimeSpan.FromMilliseconds(200), TimeSpan.FromHours(1)];

    [TestCaseSource(nameof(RoundTrips))]
    public async Task Remove_TakesOneDeadline(TimeSpan roundTrip)
    {
        var time = new FakeTimeProvider();
        var redis = new SlowRedis(time, roundTrip);
        await Caches.Over(redis, timeProvider: time).RemoveAsync("key");
        Assert.That(time.GetUtcNow() - time.Start, Is.LessThanOrEqualTo(SlowRedis.Deadline));
    }

    [Test]
    public async Task RemoveInANamespaceOfUnknownVersion_TakesOneDeadline()
    {
        var time = new FakeTimeProvider();
        var redis = new SlowRedis(time, TimeSpan.FromHours(1));
        await Caches.Over(redis, timeProvider: time).RemoveAsync("predictions:v1:key");
        Assert.That(time.GetUtcNow() - time.Start, Is.LessThanOrEqualTo(SlowRedis.Deadline));
    }

    [Test]
    public async Task WhoHasWaitedOnce_IsGivenTheSourceAtOnce()
    {
        var redis = new SlowRedis(new FakeTimeProvider(), TimeSpan.FromHours(1));
        var options = new CacheEntryOptions(TimeSpan.FromMinutes(1)) { SkipRedis = true };
        using var response = await Caches.Over(redis).GetOrCreateAsync(
            "key", options, 0, static (_, _) => new ValueTask<SourceResponse>(new SourceResponse("body"u8.ToArray())));
        Assert.That(response.Body.ToArray(), Is.EqualTo("body"u8.ToArray()));
        Assert.That(redis.Waits, Is.Empty);
    }

    [TestCaseSource(nameof(RoundTrips))]
    public async Task GetOrCreate_ReadAndLeaseTakeOneDeadline(TimeSpan roundTrip)
    {
        var time = new FakeTimeProvider();
        var redis = new SlowRedis(time, roundTrip);
        using var response = await Caches.Over(redis, timeProvider: time).GetOrCreateAsync(
            "key", TimeSpan.FromMinutes(1), 0, static (_, _) => new ValueTask<ReadOnlyMemory<byte>?>("body"u8.ToArray()));
        Assert.That(redis.Waits[0] + redis.Waits.ElementAtOrDefault(1), Is.LessThanOrEqualTo(SlowRedis.Deadline));
    }
}
