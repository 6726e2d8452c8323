using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.Mongo.IntegrationTests.Wire;
using RedisResilience.Mongo.Quotas;
using RedisResilience.RateLimiting;

namespace RedisResilience.Mongo.IntegrationTests.Quotas;

/// <summary>A quota whose Redis is lost, or whose MongoDB is away.</summary>
public sealed class QuotaOutageTests
{
    [Test]
    public async Task LostRedis_GivesNoPermitTwice()
    {
        await using var mongo = new WireReplicaSet();
        await using var redis = await RedisServer.StartNewAsync();
        await using var deployment = await QuotaDeployment.StartAsync(mongo.ConnectionString, redis.ConnectionString);
        var quota = new CalendarQuota(100, QuotaPeriod.Year) { MaximumPrefetch = 20 };
        var granted = 0;
        for (var loss = 0; loss < 3; loss++)
        {
            for (var call = 0; call < 15; call++)
            {
                granted += (await deployment.Quota.AcquireAsync("A", quota)).Granted;
            }

            await redis.KillAsync();
            var during = await deployment.Quota.AcquireAsync("A", quota);
            Assert.That((during.IsAllowed, during.Source), Is.EqualTo((true, DecisionSource.DurableCount)));
            granted++;
            await redis.StartAsync();
            await deployment.UntilAvailableAsync();
        }

        while (await deployment.Quota.AcquireUpToAsync("A", quota, 7) is { IsAllowed: true } more)
        {
            granted += more.Granted;
        }

        await TestContext.Out.WriteLineAsync($"granted {granted} of 100, Redis lost 3 times");
        Assert.That(granted, Is.InRange(100 - (3 * 20), 100));
    }

    [TestCase(FailurePolicy.Allow, true)]
    [TestCase(FailurePolicy.Deny, false)]
    [TestCase(FailurePolicy.Local, false)]
    public async Task MongoAway_TheFailurePolicyDecides_AndLeasedPermitsAreSpent(FailurePolicy policy, bool isAllowed)
    {
        await using var mongo = new WireReplicaSet();
        await using var redis = await RedisServer.StartNewAsync();
        await using var deployment = await QuotaDeployment.StartAsync(
            mongo.ConnectionString, redis.ConnectionString, TimeSpan.FromSeconds(4));
        var limit = RateLimit.SlidingWindow(100, TimeSpan.FromDays(30)).WithPrefetch(20) with { FailurePolicy = policy };
        await deployment.Quota.AcquireAsync("A", limit);
        await mongo.StopAsync();

        Assert.That(await deployment.Quota.AcquireAsync("A", limit), Has.Property("IsAllowed").True.And.Property("Source").EqualTo(
            DecisionSource.Redis));
        Assert.That(
            await deployment.Quota.AcquireAsync("A", limit), Has.Property("IsAllowed").EqualTo(isAllowed).And.Property("IsDegraded").True);
        Assert.That(await deployment.Quota.RefundAsync("A", limit), Is.False);
        mongo.Start();
    }
}
