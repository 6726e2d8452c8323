using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.Mongo.IntegrationTests.Wire;
using RedisResilience.Mongo.Quotas;
using RedisResilience.RateLimiting;

namespace RedisResilience.Mongo.IntegrationTests.Quotas;

/// <summary>A quota on a MongoDB that is old, slow, or says no.</summary>
public sealed class QuotaServerTests
{
    private static readonly CalendarQuota Monthly = new(50, QuotaPeriod.Month);

    [TestCase(0)]
    [TestCase(10)]
    public async Task CalendarQuotaOnAnOldServer_IsAnErrorThatNamesTheVersions(int lease)
    {
        await using var mongo = new WireReplicaSet(version: WireVersion.V44);
        await using var deployment = await QuotaDeployment.StartAsync(mongo.ConnectionString, await RedisServer.SharedAsync());

        var refusal = await Assert.ThrowsAsync<NotSupportedException>(
            async () => await deployment.Quota.AcquireAsync("A", Monthly with { MaximumPrefetch = lease }));

        Assert.That(refusal!.Message, Does.Contain("calendar").And.Contain("5.0").And.Contain("4.4"));
        Assert.That((await deployment.Quota.AcquireAsync(
            "A", RateLimit.FixedWindow(1, TimeSpan.FromHours(1)))).Source, Is.EqualTo(DecisionSource.DurableCount));
    }

    [Test]
    public async Task RefusalOfTheServer_IsNoOutage()
    {
        await using var mongo = new WireReplicaSet();
        await using var deployment = await QuotaDeployment.StartAsync(mongo.ConnectionString, await RedisServer.SharedAsync());
        mongo.Faults.Inject("findAndModify", Fault.NotAuthorized, times: 2);

        Assert.That(async () => await deployment.Quota.AcquireAsync("A", Monthly), Throws.TypeOf<MongoCommandException>());
        Assert.That(async () => await deployment.Quota.RefundAsync("A", Monthly), Throws.TypeOf<MongoCommandException>());
    }

    [Test]
    public async Task ManyAtOnceOnASlowServer_NobodyIsDeniedWhilePermitsStandInRedis()
    {
        await using var mongo = new WireReplicaSet();
        await using var deployment = await QuotaDeployment.StartAsync(mongo.ConnectionString, await RedisServer.SharedAsync());
        mongo.Faults.Inject("findAndModify", Fault.Slow, times: 10_000);
        var quota = Monthly with { MaximumPrefetch = 10 };

        var decisions = await Task.WhenAll(Enumerable.Range(0, 120).Select(_ => deployment.Quota.AcquireAsync("A", quota).AsTask()));

        var rest = await deployment.Quota.AcquireUpToAsync("A", quota, 50);
        await TestContext.Out.WriteLineAsync($"given {decisions.Count(decision => decision.IsAllowed)} of 50, and then {rest.Granted}");
        Assert.That(decisions.Count(decision => decision.IsAllowed), Is.EqualTo(50));
        Assert.That(rest.Granted, Is.Zero);
    }
}
