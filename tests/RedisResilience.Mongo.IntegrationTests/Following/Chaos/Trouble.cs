namespace RedisResilience.Mongo.IntegrationTests.Following.Chaos;

/// <summary>What goes wrong while documents are read and written.</summary>
public enum Trouble
{
    /// <summary>The watcher's process ends as it should.</summary>
    WatcherStops,

    /// <summary>All connections to MongoDB are cut.</summary>
    MongoCut,

    /// <summary>MongoDB is away for a while.</summary>
    MongoAway,

    /// <summary>The watcher's cursor is forgotten.</summary>
    CursorLost,

    /// <summary>The next calls for changes are never answered, by connections that are then cut.</summary>
    AnswerLost,

    /// <summary>The primary steps down.</summary>
    StepDown,

    /// <summary>The primary's process is killed, and started again.</summary>
    PrimaryKilled,

    /// <summary>MongoDB has forgotten the changes.</summary>
    HistoryLost,

    /// <summary>Redis dies, and comes back empty.</summary>
    RedisAway,

    /// <summary>Ten thousand changes at once.</summary>
    Burst,
}
