using CsCheck;
using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.Mongo.Quotas;
using RedisResilience.RateLimiting;

namespace RedisResilience.Mongo.IntegrationTests.Quotas;

/// <summary>Permits that stand in Redis ahead of their callers: none is given twice, and none lost.</summary>
[TestFixture(MongoKind.Wire)]
[TestFixture(MongoKind.Real)]
public sealed class LeasedPermitsTests(MongoKind kind) : QuotaFixture(kind)
{
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
    public async Task AnotherKindThatLooks_LosesNoPermitThatStandsInRedis()
    {
        var (first, second) = (RateLimit.FixedWindow(4, TimeSpan.FromHours(1)), RateLimit.SlidingWindow(4, TimeSpan.FromHours(1)));
        var prefetched = first.WithPrefetch(2);
        Assert.That((await Quota.AcquireAsync("A", prefetched)).IsAllowed, Is.True);
        await Quota.AcquireAsync("A", second.WithPrefetch(2), 0);
        await Quota.RefundAsync("A", second.WithPrefetch(2), 3);

        Assert.That((await Quota.AcquireUpToAsync("A", first, 4)).Granted, Is.EqualTo(3), "one was taken, and no other");
    }

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
}
