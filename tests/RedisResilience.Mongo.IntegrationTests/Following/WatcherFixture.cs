using System.Collections.Concurrent;
using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.Mongo.IntegrationTests.Wire;

namespace RedisResilience.Mongo.IntegrationTests.Following;

/// <summary>A watcher between a MongoDB and a Redis of its own, whose removals a test may disturb.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class WatcherFixture : IAsyncDisposable
{
    protected const string Database = "trouble";

    /// <summary>How often each entry was removed, where a test says which removals are answered.</summary>
    protected ConcurrentDictionary<string, int> Removed { get; } = new();

    protected MongoClient Client { get; private set; } = null!;

    protected IMongoCollection<BsonDocument> Documents => Client.GetDatabase(Database).GetCollection<BsonDocument>("documents");

    internal WireReplicaSet Mongo { get; private set; } = new();

    internal RedisServer Redis { get; private set; } = null!;

    [SetUp]
    public async Task Start()
    {
        Redis = await RedisServer.StartNewAsync();
        Client = MongoServers.NewClient(Mongo.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Mongo.DisposeAsync();
        await Redis.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal async Task ReplaceMongoAsync(WireReplicaSet other)
    {
        await Mongo.DisposeAsync();
        Client.Dispose();
        Mongo = other;
        Client = MongoServers.NewClient(other.ConnectionString);
    }

    internal async Task<Deployment> DeployAsync(Func<string, bool>? isAnswered = null, TimeSpan? redisDeadline = null)
    {
        var deployment = new Deployment(
            Redis.ConnectionString,
            Mongo.ConnectionString,
            Database,
            follows: true,
            options => options.TimeToLive = TimeSpan.FromHours(1),
            isAnswered is null ? null : cache =>
                InterferingCache.Around(cache, isAnswered, key => Removed.AddOrUpdate(key, 1, (_, times) => times + 1)),
            redisDeadline);
        await deployment.UntilAvailableAsync();
        await deployment.StartWatchingAsync();
        await deployment.UntilWatchedAsync();
        return deployment;
    }

    protected Task<UpdateResult> SetAsync(string id, int value) =>
        Documents.UpdateOneAsync(
            new BsonDocument("_id", id), Builders<BsonDocument>.Update.Set("v", value), new UpdateOptions { IsUpsert = true });
}
