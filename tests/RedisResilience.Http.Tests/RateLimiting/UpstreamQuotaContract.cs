using RedisResilience.RateLimiting.Upstream;
using RedisResilience.Tests;

namespace RedisResilience.Http.Tests.RateLimiting;

/// <summary>What every <see cref="IUpstreamQuota"/> keeps to, with Redis and without. Nothing has been said to the one under
/// test.</summary>
internal abstract class UpstreamQuotaContract
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(1200);

    protected abstract IUpstreamQuota Quota { get; }

    protected string Key { get; } = $"api:{Guid.NewGuid():N}";

    [Test]
    public async Task NothingSaid_NothingForbids()
    {
        Assert.That((await Quota.TakeAsync(Key), Quota.KnownWait(Key)), Is.EqualTo(((TimeSpan?)null, TimeSpan.Zero)));
        Assert.That(await Quota.TakeAsync(Key, 1_000_000), Is.Null);
    }

    [Test]
    public async Task Closed_ForbidsUntilItsEnd()
    {
        await Quota.AnnounceAsync(Key, 0, Short);
        Assert.That(await Quota.TakeAsync(Key), Is.InRange(TimeSpan.Zero, Short));
        Assert.That(await Quota.TakeAsync(Key, 0), Is.Not.Null);
        Assert.That(Quota.KnownWait(Key), Is.InRange(TimeSpan.FromTicks(1), Short));
        Assert.That(await Quota.TakeAsync(Key + "x"), Is.Null, "another's is not its business");

        await Eventually.BecomesTrueAsync(async () =>
        {
            await PassAsync(TimeSpan.FromMilliseconds(100));
            return await Quota.TakeAsync(Key) is null;
        });
        Assert.That(Quota.KnownWait(Key), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public async Task WhatIsLeft_IsTakenToItsEnd()
    {
        await Quota.AnnounceAsync(Key, 5, Minute);
        Assert.That((await Quota.TakeAsync(Key, 3), await Quota.TakeAsync(Key, 0), await Quota.TakeAsync(Key, 2)), Is.EqualTo(
            ((TimeSpan?)null, (TimeSpan?)null, (TimeSpan?)null)));
        Assert.That(await Quota.TakeAsync(Key), Is.InRange(TimeSpan.FromSeconds(30), Minute));
    }

    [Test]
    public async Task TooFew_AreNotTaken()
    {
        await Quota.AnnounceAsync(Key, 2, Minute);
        Assert.That(await Quota.TakeAsync(Key, 3), Is.Not.Null);
        Assert.That(await Quota.TakeAsync(Key, 2), Is.Null);
    }

    [Test]
    public async Task WhileClosed_OnlyALaterEndCounts()
    {
        await Quota.AnnounceAsync(Key, 0, Minute);
        await Quota.AnnounceAsync(Key, 100, Minute * 2);
        await Quota.AnnounceAsync(Key, 0, Short);
        Assert.That(await Quota.TakeAsync(Key), Is.InRange(TimeSpan.FromSeconds(30), Minute));
        await Quota.AnnounceAsync(Key, 0, Minute * 3);
        Assert.That(await Quota.TakeAsync(Key), Is.InRange(Minute, Minute * 3));
    }

    [Test]
    public async Task OfOneTime_TheLowerNumberCounts()
    {
        await Quota.AnnounceAsync(Key, 5, Minute);
        await Quota.AnnounceAsync(Key, 9, Minute);
        Assert.That(await Quota.TakeAsync(Key, 6), Is.Not.Null);
        await Quota.AnnounceAsync(Key, 2, Minute);
        Assert.That(await Quota.TakeAsync(Key, 3), Is.Not.Null);
        await Quota.AnnounceAsync(Key, 9, Minute * 2);
        Assert.That(await Quota.TakeAsync(Key, 9), Is.Null, "a later time is another one");
    }

    [Test]
    public async Task NoTimeAtAll_IsNothing()
    {
        await Quota.AnnounceAsync(Key, 0, TimeSpan.Zero);
        await Quota.AnnounceAsync(Key, 0, TimeSpan.FromSeconds(-5));
        Assert.That(await Quota.TakeAsync(Key), Is.Null);
    }

    [Test]
    public async Task YearsAhead_AreADay()
    {
        await Quota.AnnounceAsync(Key, 0, TimeSpan.FromDays(10_000));
        Assert.That(await Quota.TakeAsync(Key), Is.InRange(TimeSpan.FromHours(23), TimeSpan.FromDays(1)));
    }

    [Test]
    public void WrongArguments_AreRefused()
    {
        Assert.That(async () => await Quota.TakeAsync(""), Throws.ArgumentException);
        Assert.That(async () => await Quota.TakeAsync(Key, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(async () => await Quota.AnnounceAsync("\n", 1, Minute), Throws.ArgumentException);
        Assert.That(async () => await Quota.AnnounceAsync(Key, -1, Minute), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    /// <summary>Lets time pass.</summary>
    protected abstract Task PassAsync(TimeSpan time);
}
