using Microsoft.Extensions.Caching.Distributed;
using RedisResilience.Caching.Distributed;

namespace RedisResilience.Tests.Caching.Distributed;

public sealed class EntryExpirationTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void NoExpiration_IsTheDefault() => Assert.That(TimeToLive(new()), Is.EqualTo(TimeSpan.FromDays(1)));

    [Test]
    public void RelativeTime_Counts() =>
        Assert.That(TimeToLive(new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(5), AbsoluteExpiration = Now }), Is.EqualTo(
            TimeSpan.FromSeconds(5)));

    [Test]
    public void AbsoluteTime_Counts() =>
        Assert.That(TimeToLive(new() { AbsoluteExpiration = Now.AddHours(1) }), Is.EqualTo(TimeSpan.FromHours(1)));

    [Test]
    public void SlidingTime_CountsUntilTheEnd()
    {
        var expiration = EntryExpiration.Of(
            new()
            {
                SlidingExpiration = TimeSpan.FromMinutes(20),
                AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(30)
            }, Now, TimeSpan.FromDays(1));

        Assert.That(expiration.TimeToLiveAt(Now), Is.EqualTo(TimeSpan.FromMinutes(20)));
        Assert.That(expiration.TimeToLiveAt(Now.AddMinutes(25)), Is.EqualTo(TimeSpan.FromMinutes(5)));
        Assert.That(expiration.TimeToLiveAt(Now.AddMinutes(30)), Is.Null);
    }

    [TestCase(0)]
    [TestCase(-5)]
    public void PastTime_IsOver(int seconds) => Assert.That(TimeToLive(new() { AbsoluteExpiration = Now.AddSeconds(seconds) }), Is.Null);

    [Test]
    public void TimeBeyondAYear_IsAYear()
    {
        Assert.That(TimeToLive(new() { AbsoluteExpirationRelativeToNow = TimeSpan.MaxValue }), Is.EqualTo(TimeSpan.FromDays(365)));
        Assert.That(TimeToLive(new() { AbsoluteExpiration = DateTimeOffset.MaxValue }), Is.EqualTo(TimeSpan.FromDays(365)));
        Assert.That(TimeToLive(new() { SlidingExpiration = TimeSpan.MaxValue }), Is.EqualTo(TimeSpan.FromDays(365)));
    }

    private static TimeSpan? TimeToLive(DistributedCacheEntryOptions options) =>
        EntryExpiration.Of(options, Now, TimeSpan.FromDays(1)).TimeToLiveAt(Now);
}
