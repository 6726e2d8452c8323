using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.Mongo.Quotas;
using RedisResilience.RateLimiting;

namespace RedisResilience.Mongo.IntegrationTests.Quotas;

/// <summary>What MongoDB counts by itself, in windows and in the calendar.</summary>
[TestFixture(MongoKind.Wire)]
[TestFixture(MongoKind.Real)]
public sealed class QuotaTests(MongoKind kind) : QuotaFixture(kind)
{
    [Test]
    [NeedsMongo(5)]
    public async Task CalendarPeriod_EndsWithTheCalendar()
    {
        foreach (var (period, end) in new[]
        {
            (QuotaPeriod.Day, Today().AddDays(1)), (QuotaPeriod.Month, new DateTime(
                Today().Year, Today().Month, 1).AddMonths(1)), (QuotaPeriod.Year, new DateTime(Today().Year + 1, 1, 1)),
        })
        {
            var quota = new CalendarQuota(5, period) { Name = $"{period}" };
            await Quota.AcquireAsync("A", quota, 5);
            var denied = await Quota.AcquireAsync("A", quota);

            Assert.That((denied.IsAllowed, denied.Source), Is.EqualTo((false, DecisionSource.DurableCount)));
            Assert.That((Now() + denied.RetryAfter - end).TotalSeconds, Is.Zero.Within(5), $"{period}");
            Assert.That(denied.ResetAfter, Is.EqualTo(denied.RetryAfter));
        }
    }

    [Test]
    [NeedsMongo(5)]
    public async Task NextPeriod_BeginsAnew()
    {
        var quota = new CalendarQuota(1, QuotaPeriod.Month);
        await Quota.AcquireAsync("A", quota);
        Assert.That((await Quota.AcquireAsync("A", quota)).IsAllowed, Is.False);

        // As if it had been counted in a month that is over.
        await EndBucketsAsync("A", Now().AddMinutes(-1));

        Assert.That((await Quota.AcquireAsync("A", quota)).IsAllowed, Is.True);
        Assert.That(await Deployment.CountedAsync("A"), Is.EqualTo(1));
    }

    [Test]
    public async Task SlidingWindow_HoldsASegmentUntilAllOfItIsAWindowOld()
    {
        var limit = RateLimit.SlidingWindow(10, TimeSpan.FromHours(10));
        await Quota.AcquireAsync("A", limit, 4);
        await EndBucketsAsync("A", Now().AddHours(-9));
        await Quota.AcquireAsync("A", limit, 5);

        var denied = await Quota.AcquireAsync("A", limit, 3);
        Assert.That((denied.IsAllowed, denied.Remaining), Is.EqualTo((false, 1)));
        Assert.That(denied.RetryAfter.TotalMinutes, Is.EqualTo(60).Within(1), "when the oldest segment's four come back");
        Assert.That(denied.ResetAfter.TotalHours, Is.EqualTo(10.5).Within(0.51), "when those of this segment do");

        await Deployment.Collection.UpdateOneAsync(
            new BsonDocument("_id", "A"), Builders<BsonDocument>.Update.Set("buckets.0.to", Milliseconds(Now().AddHours(-10))));
        Assert.That(await Quota.AcquireAsync("A", limit, 5), Has.Property("IsAllowed").True.And.Property("Remaining").EqualTo(0));
    }

    [Test]
    public async Task WaitingForAWindow_GetsThePermitWhenItsTimeComes()
    {
        var limit = RateLimit.FixedWindow(1, TimeSpan.FromMilliseconds(700));
        await Quota.AcquireAsync("A", limit);

        Assert.That((await Quota.WaitAsync("A", limit, 1, TimeSpan.FromSeconds(20))).IsAllowed, Is.True);
    }

    [Test]
    public async Task Refund_GoesBackToItsWindow_AndToNoOther()
    {
        var limit = RateLimit.FixedWindow(5, TimeSpan.FromMilliseconds(500));
        var decision = await Quota.AcquireAsync("A", limit, 5);
        Assert.That((await Quota.WaitAsync("A", limit, 5, TimeSpan.FromSeconds(20))).IsAllowed, Is.True, "the next window");

        Assert.That(await Quota.RefundAsync("A", limit, decision), Is.True);
        Assert.That(await Deployment.CountedAsync("A"), Is.EqualTo(5));
    }

    // However long a refund is under way: what MongoDB is told is for how long the bucket lasted when it was sent.
    [Test]
    public async Task RefundThatComesInTheNextWindow_TakesNothingFromIt([Values] bool isSliding)
    {
        var hour = TimeSpan.FromHours(1);
        var limit = isSliding ? RateLimit.SlidingWindow(5, hour, 1) : (RateLimit)RateLimit.FixedWindow(5, hour);
        await Quota.AcquireAsync("A", limit, 5);
        var (terms, counts) = (QuotaTerms.Of("A", limit), Deployment.Counts);
        await counts.CountAsync("A", terms, new QuotaRequest(0, Refund: 5, RefundFor: -hour), CancellationToken.None);
        Assert.That(await Deployment.CountedAsync("A"), Is.EqualTo(5));
        await counts.CountAsync("A", terms, new QuotaRequest(0, Refund: 4, RefundFor: hour), CancellationToken.None);
        Assert.That(await Deployment.CountedAsync("A"), Is.EqualTo(1));
    }

    [Test]
    public async Task Decision_GoesBackWhoeverHasGivenIt([Values(0, 2)] int leased)
    {
        var limit = RateLimit.FixedWindow(4, TimeSpan.FromHours(1));
        var chosen = leased > 0 ? limit.WithPrefetch(leased) : limit;
        var decisions = new List<RateLimitDecision>();
        for (var call = 0; call < 4; call++)
        {
            decisions.Add(await Quota.AcquireAsync("A", chosen));
        }

        var denied = await Quota.AcquireAsync("A", chosen);
        Assert.That(await Quota.RefundAsync("A", chosen, denied), Is.True);
        Assert.That((await Quota.AcquireAsync("A", chosen)).IsAllowed, Is.False, "nothing was given");
        foreach (var decision in decisions)
        {
            Assert.That(await Quota.RefundAsync("A", chosen, decision), Is.True);
            Assert.That((await Quota.AcquireAsync("A", chosen)).IsAllowed, Is.True);
            Assert.That((await Quota.AcquireAsync("A", chosen)).IsAllowed, Is.False);
        }
    }

    // Also when another process has reset it.
    [Test]
    public async Task RefundAfterAReset_TakesNothingFromTheNewCount([Values(0, 2)] int leased, [Values] bool byAnother)
    {
        var limit = RateLimit.SlidingWindow(4, TimeSpan.FromHours(10));
        var chosen = leased > 0 ? limit.WithPrefetch(leased) : limit;
        var another = new MongoQuota(Deployment.Collection, Deployment.Pool);
        var decisions = new List<RateLimitDecision>();
        for (var call = 0; call < 4; call++)
        {
            decisions.Add(await Quota.AcquireAsync("A", chosen));
        }

        Assert.That(await (byAnother ? another : Quota).ResetAsync("A", chosen), Is.True);
        var anew = await Quota.AcquireAsync("A", chosen, 4);
        Assert.That(anew.Granted, Is.EqualTo(4));
        foreach (var decision in decisions)
        {
            Assert.That(await Quota.RefundAsync("A", chosen, decision), Is.True, "nothing is left to give back");
        }

        Assert.That((await Quota.AcquireAsync("A", chosen)).IsAllowed, Is.False);
        Assert.That(await Quota.RefundAsync("A", chosen, anew), Is.True);
        Assert.That((await Quota.AcquireAsync("A", chosen, 4)).IsAllowed, Is.True, "what was taken since goes back");
    }

    [Test]
    public async Task KeyWithAColon_IsNoNamedQuotas()
    {
        var limit = RateLimit.FixedWindow(1, TimeSpan.FromHours(1));
        await Quota.AcquireAsync("plan:A", limit);
        Assert.That((await Quota.AcquireAsync("A", limit with { Name = "plan" })).IsAllowed, Is.True);
    }

    [TestCase("")]
    [TestCase("a:b")]
    public void NameThatCouldBePartOfAKey_IsRefused(string name) =>
        Assert.That(() => new CalendarQuota(1, QuotaPeriod.Day) { Name = name }, Throws.ArgumentException);

    [Test]
    public void LimitOfAnotherKind_IsRefused() =>
        Assert.That(async () => await Quota.AcquireAsync("A", RateLimit.TokenBucket(1, TimeSpan.FromSeconds(1))), Throws.ArgumentException);

    private static long Milliseconds(DateTime time) => new DateTimeOffset(time).ToUnixTimeMilliseconds();

    private async Task EndBucketsAsync(string key, DateTime end) =>
        await Deployment.Collection.UpdateOneAsync(
            new BsonDocument("_id", key), Builders<BsonDocument>.Update.Set("buckets.0.to", Milliseconds(end)));
}
