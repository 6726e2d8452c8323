using System.Collections.Concurrent;
using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.Mongo.IntegrationTests.Wire;

namespace RedisResilience.Mongo.IntegrationTests.Following;

/// <summary>Whatever goes wrong, the watcher goes on, and says once what it is.</summary>
public sealed class WatcherTroubleTests : WatcherFixture
{
    [Test]
    public async Task ExceptionOfAnyKind_IsSurvived()
    {
        var isBroken = true;
        await using var deployment = await DeployAsync(
            _ => !Interlocked.Exchange(ref isBroken, false) ? true : throw new InvalidOperationException("whatever"));
        await SetAsync("A", 1);
        await deployment.Store.CacheAsync("A");

        await SetAsync("A", 2);

        await deployment.Store.UntilAsync("A", """{"v":2}""");
        Assert.That(deployment.Events.Count(id => id == 101), Is.EqualTo(1));
    }

    [Test]
    public async Task WhatFailsAgainAndAgainAtOnePlace_IsLeftBehind_AndAllEntriesGivenUp()
    {
        await using var deployment = await DeployAsync(
            key => key.EndsWith(":poison", StringComparison.Ordinal) ? throw new FormatException("whatever") : true);
        await SetAsync("A", 1);
        await deployment.Store.CacheAsync("A");

        await SetAsync("poison", 1);
        await SetAsync("A", 2);

        await deployment.Store.UntilAsync("A", """{"v":2}""");
        await deployment.Store.CacheAsync("A");
        await SetAsync("A", 3);
        await deployment.Store.UntilAsync("A", """{"v":3}""");
        Assert.That(deployment.Events.Count(id => id == 102), Is.EqualTo(1));
    }

    [Test]
    public async Task ServerThatHangsAtTheBeginning_IsNotWaitedForForEver()
    {
        Mongo.Faults.Inject("aggregate", Fault.Hang);
        await using var deployment = new Deployment(Redis.ConnectionString, Mongo.ConnectionString, Database, follows: true);
        await deployment.UntilAvailableAsync();
        await deployment.StartWatchingAsync();

        await Until.TrueAsync(() => deployment.Events.Contains(100), "It is never followed.");

        Assert.That(deployment.Events, Is.EqualTo(new[] { 101, 100 }));
    }

    [Test]
    public async Task EachInterruption_IsSaidOnce()
    {
        await using var deployment = await DeployAsync();
        for (var interruption = 1; interruption <= 2; interruption++)
        {
            await Redis.KillAsync();
            await Until.TrueAsync(() => deployment.Events.Count(id => id == 101) >= interruption, "The interruption is not said.");
            await Redis.StartAsync();
            await Until.TrueAsync(() => deployment.Events.Count(id => id == 100) > interruption, "It is not followed again.");
        }

        Assert.That(deployment.Events, Is.EqualTo(new[] { 100, 101, 100, 101, 100 }));
    }

    [Test]
    public async Task RefusalThatStays_IsAnErrorAndNoInterruption()
    {
        Mongo.Faults.Inject("aggregate", Fault.NotAuthorized, times: 2);
        await using var deployment = await DeployAsync();

        Assert.That(deployment.Events, Is.EqualTo(new[] { 105, 100 }));
    }

    [Test]
    public async Task ServerWithoutPreImages_IsSaidByVersion_AndEntriesAreFoundByTheirTag()
    {
        await ReplaceMongoAsync(new WireReplicaSet(version: WireVersion.V44));
        await Documents.InsertOneAsync(new() { { "_id", 1 }, { "symbol", "A" }, { "price", 1 } });
        await using var deployment = await Deployment.StartAsync(
            Redis.ConnectionString, Mongo.ConnectionString, Database, follows: true, options => options.KeyField = "symbol");
        await deployment.UntilWatchedAsync();
        await deployment.Store.CacheAsync("A");

        await Documents.UpdateOneAsync(new BsonDocument("_id", 1), Builders<BsonDocument>.Update.Set("price", 2));

        await deployment.Store.UntilAsync("A", """{"symbol":"A","price":2}""");
        Assert.That(deployment.Events, Is.EqualTo(new[] { 107, 100 }));
        Assert.That(deployment.Logs.GetSnapshot().Single(line => line.Id.Id == 107).Message, Does.Contain("6.0").And.Contain("4.4"));
    }
}
