using CsCheck;
using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.Mongo.Quotas;
using RedisResilience.RateLimiting;

namespace RedisResilience.Mongo.IntegrationTests.Quotas;

[TestFixture(MongoKind.Wire)]
[TestFixture(MongoKind.Real)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class QuotaTests(MongoKind kind)
{
    private QuotaDeployment _deployment = null!;

    private MongoQuota Quota => _deployment.Quota;

    [SetUp]
    public async Task Connect() =>
        _deployment = await QuotaDeployment.StartAsync(await MongoServers.ConnectionStringAsync(kind), await RedisServer.SharedAsync());

    [TearDown]
    public async Task Disconnect()
    {
        if (_deployment is not null)
        {
            await _deployment.DisposeAsync();
        }
    }

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
        Assert.That(await _deployment.CountedAsync("A"), Is.EqualTo(1));
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

        await _deployment.Collection.UpdateOneAsync(
            new BsonDocument("_id", "A"), Builders<BsonDocument>.Update.Set("buckets.0.to", Milliseconds(Now().AddHours(-10))));
        Assert.That(await Quota.AcquireAsync("A", limit, 5), Has.Property("IsAllowed").True.And.Property("Remaining").EqualTo(0));
    }

    [Test]
    [NeedsMongo(5)]
    public async Task ManyAtOnce_GetNoMoreThanThereAre([Values] bool areLeased)
    {
        var quota = new CalendarQuota(50, QuotaPeriod.Month) { MaximumPrefetch = areLeased ? 10 : 0 };

        var decisions = await Task.WhenAll(Enumerable.Range(0, 120).Select(_ => Quota.AcquireAsync("A", quota).AsTask()));

        var rest = await Quota.AcquireUpToAsync("A", quota, 50);
        await TestContext.Out.WriteLineAsync($"given {decisions.Count(decision => decision.IsAllowed)} of 50, and then {rest.Granted}");
        Assert.That(decisions.Count(decision => decision.IsAllowed) + rest.Granted, Is.EqualTo(50), "none twice, none lost");
        Assert.That(rest.Granted, Is.LessThanOrEqualTo(areLeased ? 10 : 0));
    }

    [Test]
    [NeedsMongo(5)]
    public async Task LeasedPermits_AreSpentInRedis_AndMongoIsAskedSeldom()
    {
        const int Calls = 300;
        var quota = new CalendarQuota(1000, QuotaPeriod.Year) { MaximumPrefetch = 100 };
        var byMongo = 0;
        for (var call = 1; call <= Calls; call++)
        {
            var decision = await Quota.AcquireAsync("A", quota);
            Assert.That((decision.IsAllowed, decision.Remaining), Is.EqualTo((true, 1000 - call)));
            byMongo += decision.Source == DecisionSource.DurableCount ? 1 : 0;
        }

        await TestContext.Out.WriteLineAsync($"{Calls} calls, of which MongoDB was asked {byMongo}");
        Assert.That(byMongo, Is.LessThan(Calls / 10));
    }

    [Test]
    [NeedsMongo(5)]
    public async Task ExhaustedKey_IsDeniedInRedis_UntilPermitsComeBack()
    {
        var quota = new CalendarQuota(2, QuotaPeriod.Year) { MaximumPrefetch = 1 };
        await Quota.AcquireAsync("A", quota, 2);
        await Until.TrueAsync(async () => (await Quota.AcquireAsync("A", quota)).Source == DecisionSource.Redis, "The key is never shut.");

        var denied = await Quota.AcquireAsync("A", quota);
        Assert.That((denied.IsAllowed, denied.Source), Is.EqualTo((false, DecisionSource.Redis)));
        Assert.That((Now() + denied.RetryAfter - new DateTime(Today().Year + 1, 1, 1)).TotalSeconds, Is.Zero.Within(5));

        await Quota.RefundAsync("A", quota);
        Assert.That((await Quota.AcquireAsync("A", quota)).IsAllowed, Is.True);
    }

    [Test]
    [NeedsMongo(5)]
    public async Task RaisedQuota_OpensAShutKey()
    {
        await Quota.AcquireAsync("A", new CalendarQuota(2, QuotaPeriod.Year) { MaximumPrefetch = 1 }, 2);
        await Quota.AcquireAsync("A", new CalendarQuota(2, QuotaPeriod.Year) { MaximumPrefetch = 1 });

        Assert.That((await Quota.AcquireAsync("A", new CalendarQuota(3, QuotaPeriod.Year) { MaximumPrefetch = 1 })).IsAllowed, Is.True);
    }

    [Test]
    public async Task WaitingForAWindow_GetsThePermitWhenItsTimeComes()
    {
        var limit = RateLimit.FixedWindow(1, TimeSpan.FromMilliseconds(700));
        await Quota.AcquireAsync("A", limit);

        Assert.That((await Quota.WaitAsync("A", limit, 1, TimeSpan.FromSeconds(20))).IsAllowed, Is.True);
    }

    [Test]
    public void LimitOfAnotherKind_IsRefused() =>
        Assert.That(async () => await Quota.AcquireAsync("A", RateLimit.TokenBucket(1, TimeSpan.FromSeconds(1))), Throws.ArgumentException);

    /// <summary>
    /// Whatever is asked for, given back and looked at, in whatever order: never more than the quota, and with nobody else there nothing
    /// else than a counter says.
    /// </summary>
    [Test]
    [NeedsMongo(5)]
    public async Task AnyCalls_CountAsACounter([Values] bool areLeased)
    {
        var calls = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 6]).List[1, 40];
        var round = 0;
        await calls.SampleAsync(
            async list =>
            {
                var key = $"{Interlocked.Increment(ref round)}";
                var quota = new CalendarQuota(12, QuotaPeriod.Year) { MaximumPrefetch = areLeased ? 5 : 0 };
                var used = 0;
                foreach (var (what, permits) in list)
                {
                    if (what == 3)
                    {
                        await Quota.RefundAsync(key, quota, permits);
                        used = Math.Max(0, used - permits);
                        continue;
                    }

                    var decision = what == 2
                        ? await Quota.AcquireUpToAsync(key, quota, permits)
                        : await Quota.AcquireAsync(key, quota, permits);
                    var expected = what == 2 ? Math.Min(permits, 12 - used) : used + permits <= 12 ? permits : 0;
                    used += expected;
                    if (decision.Granted != expected || decision.Remaining != 12 - used || decision.IsAllowed != (
                        permits == 0 || expected > 0))
                    {
                        throw new InvalidOperationException($"{what} {permits}: {decision}, and {expected} were expected of {used} used.");
                    }
                }
            },
            iter: 20 * Rounds(),
            threads: 1);
    }

    private static int Rounds() => Environment.GetEnvironmentVariable("REDISRESILIENCE_LONG") is { Length: > 0 } ? 20 : 1;

    private static DateTime Now() => TimeProvider.System.GetUtcNow().UtcDateTime;

    private static DateTime Today() => Now().Date;

    private static long Milliseconds(DateTime time) => new DateTimeOffset(time).ToUnixTimeMilliseconds();

    private async Task EndBucketsAsync(string key, DateTime end) =>
        await _deployment.Collection.UpdateOneAsync(
            new BsonDocument("_id", key), Builders<BsonDocument>.Update.Set("buckets.0.to", Milliseconds(end)));
}
