namespace RedisResilience.Mongo.Reading;

/// <summary>Log messages about whether MongoDB answers: one for each change, and none for single calls.</summary>
internal static partial class Log
{
    [LoggerMessage(
        120,
        LogLevel.Warning,
        "MongoDB does not answer and is left alone, for a moment at a time: what is cached is served, other calls fail at once.",
        EventName = nameof(MongoIsAway))]
    public static partial void MongoIsAway(ILogger logger, Exception failure);

    [LoggerMessage(121, LogLevel.Information, "MongoDB answers again.", EventName = nameof(MongoIsBack))]
    public static partial void MongoIsBack(ILogger logger);
}
