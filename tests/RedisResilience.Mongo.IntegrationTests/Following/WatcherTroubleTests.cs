using System.Collections.Concurrent;
using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.Mongo.IntegrationTests.Wire;

namespace RedisResilience.Mongo.IntegrationTests.Following;

/// <summary>Whatever goes wrong, the watcher goes on, and says once what it is.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class WatcherTroubleTests : IAsyncDisposable
{
    private const string Database = "trouble";
    private static readonly TimeSpan OfRedis = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, int> _removed = new();
    private WireReplicaSet _mongo = new();
    private RedisServer _redis = null!;
    private MongoClient _client = null!;

    private IMongoCollection<BsonDocument> Documents => _client.GetDatabase(Database).GetCollection<BsonDocument>("documents");

    [SetUp]
    public async Task Start()
    {
        _redis = await RedisServer.StartNewAsync();
        _client = MongoServers.NewClient(_mongo.ConnectionString);
    }

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
        _mongo.Faults.Inject("aggregate", Fault.Hang);
        await using var deployment = new Deployment(_redis.ConnectionString, _mongo.ConnectionString, Database, follows: true);
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
            await _redis.KillAsync();
            await Until.TrueAsync(() => deployment.Events.Count(id => id == 101) >= interruption, "The interruption is not said.");
            await _redis.StartAsync();
            await Until.TrueAsync(() => deployment.Events.Count(id => id == 100) > interruption, "It is not followed again.");
        }

        Assert.That(deployment.Events, Is.EqualTo(new[] { 100, 101, 100, 101, 100 }));
    }

    [Test]
    public async Task RefusalThatStays_IsAnErrorAndNoInterruption()
    {
        _mongo.Faults.Inject("aggregate", Fault.NotAuthorized, times: 2);
        await using var deployment = await DeployAsync();

        Assert.That(deployment.Events, Is.EqualTo(new[] { 105, 100 }));
    }

    [Test]
    public async Task RedisOutOfMemory_EntriesAreDeletedAllTheSame_AndWhatWasOwedIsMadeGood()
    {
        await using var deployment = await DeployAsync();
        await SetAsync("A", 1);
        await deployment.Store.CacheAsync("A");
        await _redis.LimitMemoryAsync(1);

        await SetAsync("A", 2);
        await Until.TrueAsync(
            async () =>
            {
                using var entry = await deployment.Cache.GetAsync($"{Database}:v1:A");
                return !entry.HasBody;
            },
            "It is not deleted.");
        await Until.TrueAsync(() => deployment.Events.Contains(106), "It is not said.");

        await _redis.LimitMemoryAsync(0);
        await deployment.Store.CacheAsync("A");
        await SetAsync("A", 3);
        await deployment.Store.UntilAsync("A", """{"v":3}""");
        Assert.That(deployment.Events.Count(id => id == 106), Is.EqualTo(1));
    }

    [Test]
    public async Task HundredThousandChangesAtOnce_AreFollowedWithoutAnInterruption_AndNoneIsSentTwice()
    {
        const int Changes = 100_000;
        await using var deployment = await DeployAsync(_ => true, OfRedis);
        var startedAt = TimeProvider.System.GetTimestamp();
        foreach (var some in Enumerable.Range(0, Changes).Chunk(20_000))
        {
            await Documents.InsertManyAsync(
                some.Select(id => new BsonDocument { { "_id", $"{id}" }, { "v", 1 } }), new InsertManyOptions { IsOrdered = false });
        }

        var written = TimeProvider.System.GetElapsedTime(startedAt);
        while (_removed.Count < Changes)
        {
            Assert.That(
                TimeProvider.System.GetElapsedTime(startedAt), Is.LessThan(TimeSpan.FromMinutes(4)), "They are never caught up with.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        await TestContext.Out.WriteLineAsync(
            $"{Changes} changes in {written.TotalSeconds:f1} s, caught up with after "
                + $"{TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds:f1} s");
        Assert.That(deployment.Events, Is.EqualTo(new[] { 100 }));
        Assert.That(_removed.Values.Max(), Is.EqualTo(1));
    }

    [Test]
    public async Task RemovalsThatGoUnanswered_AreSentAgain_AndTheOthersAreNot()
    {
        const int Changes = 2000;
        var asked = new ConcurrentDictionary<string, int>();

        // Every third one at first, whichever come together.
        await using var deployment = await DeployAsync(
            key => asked.AddOrUpdate(key, 1, (_, times) => times + 1) > 1 || key[^1] is not ('0' or '3' or '6'));

        await Documents.InsertManyAsync(Enumerable.Range(0, Changes).Select(id => new BsonDocument { { "_id", $"{id}" }, { "v", 1 } }));
        await Until.TrueAsync(() => _removed.Count == Changes, "They are never caught up with.");

        Assert.That(deployment.Events, Is.EqualTo(new[] { 100 }));
        Assert.That(_removed.Values.Max(), Is.EqualTo(1));
    }

    [Test]
    public async Task ServerWithoutPreImages_IsSaidByVersion_AndEntriesAreFoundByTheirTag()
    {
        await _mongo.DisposeAsync();
        _mongo = new WireReplicaSet(version: WireVersion.V44);
        _client.Dispose();
        _client = MongoServers.NewClient(_mongo.ConnectionString);
        await Documents.InsertOneAsync(new() { { "_id", 1 }, { "symbol", "A" }, { "price", 1 } });
        await using var deployment = await Deployment.StartAsync(
            _redis.ConnectionString, _mongo.ConnectionString, Database, follows: true, options => options.KeyField = "symbol");
        await deployment.UntilWatchedAsync();
        await deployment.Store.CacheAsync("A");

        await Documents.UpdateOneAsync(new BsonDocument("_id", 1), Builders<BsonDocument>.Update.Set("price", 2));

        await deployment.Store.UntilAsync("A", """{"symbol":"A","price":2}""");
        Assert.That(deployment.Events, Is.EqualTo(new[] { 107, 100 }));
        Assert.That(deployment.Logs.GetSnapshot().Single(line => line.Id.Id == 107).Message, Does.Contain("6.0").And.Contain("4.4"));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _mongo.DisposeAsync();
        await _redis.DisposeAsync();
    }

    private async Task<Deployment> DeployAsync(Func<string, bool>? isAnswered = null, TimeSpan? redisDeadline = null)
    {
        var deployment = new Deployment(
            _redis.ConnectionString,
            _mongo.ConnectionString,
            Database,
            follows: true,
            options => options.TimeToLive = TimeSpan.FromHours(1),
            isAnswered is null ? null : cache =>
                InterferingCache.Around(cache, isAnswered, key => _removed.AddOrUpdate(key, 1, (_, times) => times + 1)),
            redisDeadline);
        await deployment.UntilAvailableAsync();
        await deployment.StartWatchingAsync();
        await deployment.UntilWatchedAsync();
        return deployment;
    }

    private Task<UpdateResult> SetAsync(string id, int value) =>
        Documents.UpdateOneAsync(
            new BsonDocument("_id", id), Builders<BsonDocument>.Update.Set("v", value), new UpdateOptions { IsUpsert = true });
}
