using MongoDB.Driver;

namespace RedisResilience.Mongo.Following;

/// <summary>What the server says about change streams.</summary>
internal static class ChangeStreamErrors
{
    private const int HistoryLost = 286;
    private const int FatalError = 280;
    private const int InvalidResumeToken = 260;
    private const int OnlyOnReplicaSets = 40573;

    /// <summary>The token leads nowhere any more: what has happened since then will never be known.</summary>
    public static bool IsPlaceLost(Exception exception) => exception is MongoCommandException { Code: HistoryLost or FatalError or InvalidResumeToken };

    /// <summary>This server keeps no changes.</summary>
    public static bool IsUnsupported(Exception exception) => exception is MongoCommandException { Code: OnlyOnReplicaSets };
}
