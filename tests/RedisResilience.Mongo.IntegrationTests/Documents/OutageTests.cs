using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.Mongo.IntegrationTests.Wire;

namespace RedisResilience.Mongo.IntegrationTests.Documents;

/// <summary>A MongoDB that is slow, away, or alone.</summary>
public sealed class OutageTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    [Test]
    public async Task MongoAway_CachedDocumentsAreServed_AndTheOthersFailQuickly()
    {
        await using var mongo = new WireReplicaSet();
        await using var redis = await RedisServer.StartNewAsync();
        await using var deployment = await Deployment.StartAsync(
            redis.ConnectionString, mongo.ConnectionString, "outage", configure: options =>
                (options.CommandDeadline, options.FailureThreshold) = (Deadline, 2));
        await WarmUpAsync(deployment);
        await deployment.Store.ReplaceAsync("A", """{"v":1}"""u8.ToArray());
        await deployment.Store.CacheAsync("A");

        await mongo.StopAsync();
        for (var failures = 0; failures < 2; failures++)
        {
            await Assert.CatchAsync<Exception>(async () => await deployment.Store.TextAsync("B"));
        }

        Assert.That(async () => await deployment.Store.TextAsync("B"), Throws.TypeOf<MongoUnavailableException>());
        Assert.That(await deployment.Store.TextAsync("A"), Is.EqualTo("""{"v":1}"""));

        mongo.Start();
        await Until.TrueAsync(
            async () =>
            {
                try
                {
                    return await deployment.Store.TextAsync("B") is null;
                }
                catch (Exception away) when (away is MongoException or TimeoutException or MongoUnavailableException)
                {
                    return false;
                }
            },
            "MongoDB is not asked again.");
    }

    [Test]
    public async Task HangingMongo_IsWaitedForUntilTheDeadline_AndAStaleEntryServedInstead()
    {
        await using var mongo = new WireReplicaSet();
        await using var redis = await RedisServer.StartNewAsync();
        await using var deployment = await Deployment.StartAsync(
            redis.ConnectionString,
            mongo.ConnectionString,
            "outage",
            configure: options =>
                (options.CommandDeadline, options.TimeToLive, options.StaleIfError) = (
                    Deadline, TimeSpan.FromSeconds(2), TimeSpan.FromHours(1)));
        await WarmUpAsync(deployment);
        await deployment.Store.ReplaceAsync("A", """{"v":1}"""u8.ToArray());
        await deployment.Store.CacheAsync("A");
        mongo.Faults.Inject("find", Fault.Hang, times: 1000);

        Assert.That(async () => await deployment.Store.TextAsync("B"), Throws.TypeOf<TimeoutException>());
        await Until.TrueAsync(
            async () =>
            {
                using var response = await deployment.Store.GetAsync("A");
                return response.IsStale;
            },
            "It is never stale.");
    }

    [Test]
    public async Task LostAnswerToAWrite_IsWrittenOnce()
    {
        await using var mongo = new WireReplicaSet();
        await using var redis = await RedisServer.StartNewAsync();
        await using var deployment = await Deployment.StartAsync(
            redis.ConnectionString, mongo.ConnectionString, "outage", configure: options =>
                (options.VersionField, options.CommandDeadline) = ("v", TimeSpan.FromMinutes(1)));
        mongo.Faults.Inject("update", Fault.CutAfter);

        await deployment.Store.ReplaceAsync("A", "{}"u8.ToArray());

        Assert.That(await deployment.Store.TextAsync("A"), Is.EqualTo("""{"v":1}"""));
    }

    [Test]
    public async Task StandaloneServer_IsSaidOnce_AndEntriesLiveShorter()
    {
        await using var mongo = new WireReplicaSet(isStandalone: true);
        await using var redis = await RedisServer.StartNewAsync();
        await using var deployment = await Deployment.StartAsync(
            redis.ConnectionString, mongo.ConnectionString, "alone", follows: true, options => options.TimeToLive = TimeSpan.FromHours(1));
        await WarmUpAsync(deployment);
        await deployment.Store.ReplaceAsync("A", """{"v":1}"""u8.ToArray());
        await deployment.Store.CacheAsync("A");

        await Until.TrueAsync(() => deployment.Events.Contains(104), "Nothing is said.");
        await Until.TrueAsync(() => mongo.Commands.GetValueOrDefault("aggregate") >= 2, "It does not look again.");

        Assert.That(deployment.Events.Count(id => id == 104), Is.EqualTo(1));
        using var entry = await deployment.Cache.GetWithTimeToLiveAsync("alone:v1:A");
        Assert.That(entry.TimeToLive, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(10)));
    }

    // The first connection has no deadline here: these tests are about the calls.
    private static Task<BsonDocument> WarmUpAsync(Deployment deployment) =>
        deployment.Client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1));
}
