using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.Mongo.IntegrationTests.Wire;

namespace RedisResilience.Mongo.IntegrationTests.Following.Elections;

/// <summary>How one primary gives way to another.</summary>
public enum Upheaval
{
    /// <summary>It steps down, and keeps its connections and cursors.</summary>
    StepDown,

    /// <summary>It steps down, and the next shows the majority's readers nothing new for a while.</summary>
    StepDownWithHold,

    /// <summary>It steps down at once, and what the next has not applied is rolled back.</summary>
    StepDownWithRollback,

    /// <summary>It is cut off, and answers for a while as if it still led.</summary>
    Isolation,

    /// <summary>All connections are cut, and it goes on.</summary>
    Cut,
}

/// <summary>What tests of elections do.</summary>
internal static class Upheavals
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan While = TimeSpan.FromMilliseconds(300);

    public static async Task DoAsync(this WireReplicaSet mongo, Upheaval upheaval, TimeSpan election)
    {
        switch (upheaval)
        {
            case Upheaval.Isolation:
                mongo.Elections.Isolate();
                await Task.Delay(While, TimeProvider.System);
                mongo.Elections.Rejoin();
                break;
            case Upheaval.Cut:
                mongo.CutConnections();
                break;
            default:
                await mongo.Elections.StepDownAsync(
                    election,
                    catchesUp: upheaval != Upheaval.StepDownWithRollback,
                    hold: upheaval == Upheaval.StepDownWithHold ? While : default);
                break;
        }

        await Task.Delay(While, TimeProvider.System);
    }

    /// <summary>As any program writes: again, when there was no primary, or it was none any more.</summary>
    public static async Task SetUntilDoneAsync(this IMongoCollection<BsonDocument> documents, string id, int value)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await documents.UpdateOneAsync(new BsonDocument("_id", id), Builders<BsonDocument>.Update.Set("v", value));
                return;
            }
            catch (Exception away) when (
                away is (MongoException or TimeoutException) && TimeProvider.System.GetElapsedTime(startedAt) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }
    }

    /// <summary>Changes are followed in their order: when this one is seen, all before it have been applied.</summary>
    public static async Task UntilPassedAsync(this IMongoDocumentStore store, IMongoCollection<BsonDocument> documents, int value = 2)
    {
        await store.CacheAsync("passed");
        await documents.SetUntilDoneAsync("passed", value);
        await store.UntilAsync("passed", $$"""{"v":{{value}}}""");
    }
}
