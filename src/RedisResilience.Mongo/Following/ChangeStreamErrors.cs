namespace RedisResilience.Mongo.Following;

/// <summary>Recognizes the server's errors about change streams.</summary>
internal static class ChangeStreamErrors
{
    private const int HistoryLost = 286;
    private const int FatalError = 280;
    private const int InvalidResumeToken = 260;
    private const int CappedPositionLost = 136;
    private const int EventTooLarge = 10334;
    private const int OnlyOnReplicaSets = 40573;

    /// <summary>
    /// Whether the server no longer has the position of the token, or cannot report the change there. The changes since then cannot be
    /// known.
    /// </summary>
    public static bool IsPlaceLost(Exception exception) =>
        exception is MongoCommandException { Code: HistoryLost or FatalError or InvalidResumeToken or CappedPositionLost or EventTooLarge };

    /// <summary>This server keeps no changes.</summary>
    public static bool IsUnsupported(Exception exception) => exception is MongoCommandException { Code: OnlyOnReplicaSets };
}
