using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.Mongo.IntegrationTests.Wire;

namespace RedisResilience.Mongo.IntegrationTests.Following;

/// <summary>Whatever goes wrong with the watcher, MongoDB or Redis: after it settles no entry differs from MongoDB.</summary>
public sealed class ChaosTests
{
    private const int Documents = 50;
    private static readonly TimeSpan Election = TimeSpan.FromMilliseconds(700);

    /// <summary>What goes wrong while documents are read and written.</summary>
    public enum Trouble
    {
        /// <summary>The watcher's process dies before the change reaches Redis, or before the token does: whenever its next call is.</summary>
        WatcherStops,

        /// <summary>All connections to MongoDB are cut.</summary>
        MongoCut,

        /// <summary>MongoDB is away for a while.</summary>
        MongoAway,

        /// <summary>The watcher's cursor is forgotten.</summary>
        CursorLost,

        /// <summary>The next call for changes is never answered by a connection that is then cut.</summary>
        AnswerLost,

        /// <summary>The primary steps down.</summary>
        StepDown,

        /// <summary>MongoDB has forgotten the changes.</summary>
        HistoryLost,

        /// <summary>Redis dies, and comes back empty.</summary>
        RedisAway,
    }

    [Test]
    public async Task AfterTrouble_EveryEntryIsAsInMongo([Values] Trouble trouble)
    {
        await using var mongo = new WireReplicaSet();
        await using var redis = await RedisServer.StartNewAsync();
        using var client = new MongoClient(mongo.ConnectionString);
        var documents = client.GetDatabase("chaos").GetCollection<BsonDocument>("documents");
        await documents.InsertManyAsync(Enumerable.Range(0, Documents).Select(i => new BsonDocument { { "_id", $"{i}" }, { "v", 0 } }));
        await using var other = await DeployAsync(redis, mongo);
        await using var watcher = await DeployAsync(redis, mongo);
        await watcher.UntilWatchedAsync();
        using var isOver = new CancellationTokenSource();
        var work = new[] { ReadAsync(other.Store, 1, isOver.Token), ReadAsync(watcher.Store, 2, isOver.Token), WriteAsync(documents, isOver.Token) };

        await TroubleAsync(trouble, mongo, redis, [other, watcher]);

        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        await isOver.CancelAsync();
        await Task.WhenAll(work);
        await other.UntilAvailableAsync();
        await other.Store.UntilAllAgreeAsync(documents, Documents);
        await watcher.Store.UntilAllAgreeAsync(documents, Documents);
    }

    private static Task<Deployment> DeployAsync(RedisServer redis, WireReplicaSet mongo) => Deployment.StartAsync(
        redis.ConnectionString, mongo.ConnectionString, "chaos", follows: true, options => options.TimeToLive = TimeSpan.FromHours(1));

    private static async Task TroubleAsync(Trouble trouble, WireReplicaSet mongo, RedisServer redis, Deployment[] deployments)
    {
        switch (trouble)
        {
            case Trouble.WatcherStops:
                await deployments.First(deployment => deployment.Events.Contains(100)).StopWatchingAsync();
                await Until.TrueAsync(() => deployments.All(deployment => deployment.Events.Contains(100)), "Nobody takes over.");
                break;
            case Trouble.MongoCut:
                mongo.CutConnections();
                break;
            case Trouble.MongoAway:
                await mongo.StopAsync();
                await Task.Delay(Election, TimeProvider.System);
                mongo.Start();
                break;
            case Trouble.CursorLost:
                mongo.ForgetCursors();
                break;
            case Trouble.AnswerLost:
                mongo.Faults.Inject("getMore", Fault.CutAfter, times: 3);
                break;
            case Trouble.StepDown:
                await mongo.StepDownAsync(Election);
                break;
            case Trouble.HistoryLost:
                mongo.CutConnections();
                mongo.Store.ForgetHistory();
                break;
            default:
                await redis.KillAsync();
                await Task.Delay(Election, TimeProvider.System);
                await redis.StartAsync();
                break;
        }
    }

    private static Task ReadAsync(IMongoDocumentStore store, int seed, CancellationToken cancellationToken) => Task.Run(async () =>
    {
        var random = new Random(seed);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var response = await store.GetAsync($"{random.Next(Documents)}", CancellationToken.None);
            }
            catch (Exception away) when (away is MongoException or TimeoutException or MongoUnavailableException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }, CancellationToken.None);

    private static Task WriteAsync(IMongoCollection<BsonDocument> documents, CancellationToken cancellationToken) => Task.Run(async () =>
    {
        var random = new Random(3);
        for (var value = 1; !cancellationToken.IsCancellationRequested; value++)
        {
            var filter = new BsonDocument("_id", $"{random.Next(Documents)}");
            try
            {
                if (random.Next(10) == 0)
                {
                    await documents.DeleteOneAsync(filter, CancellationToken.None);
                }
                else
                {
                    await documents.ReplaceOneAsync(filter, new() { { "_id", filter["_id"] }, { "v", value } }, new ReplaceOptions { IsUpsert = true }, CancellationToken.None);
                }
            }
            catch (Exception away) when (away is MongoException or TimeoutException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }
    }, CancellationToken.None);
}
