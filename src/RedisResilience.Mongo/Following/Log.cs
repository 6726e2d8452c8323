using Microsoft.Extensions.Logging;

namespace RedisResilience.Mongo.Following;

/// <summary>State changes of the watcher, once each. No keys, no documents.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "Following the changes of MongoDB's {Collection}: a write by any program invalidates.", EventName = nameof(FollowsChanges))]
    public static partial void FollowsChanges(ILogger logger, string collection);

    [LoggerMessage(101, LogLevel.Warning, "The changes of {Name} cannot be followed at the moment; cached documents live shorter until they can.", EventName = nameof(Interrupted))]
    public static partial void Interrupted(ILogger logger, string name, Exception failure);

    [LoggerMessage(102, LogLevel.Warning, "MongoDB has forgotten changes of {Name} that were not followed yet: all its cached documents are given up.", EventName = nameof(HistoryLost))]
    public static partial void HistoryLost(ILogger logger, string name);

    [LoggerMessage(103, LogLevel.Warning, "MongoDB's {Collection} was dropped or renamed: all its cached documents are given up.", EventName = nameof(CollectionIsGone))]
    public static partial void CollectionIsGone(ILogger logger, string collection);

    [LoggerMessage(
        104,
        LogLevel.Warning,
        "This MongoDB is no replica set and tells nobody of changes: cached documents of {Name} live shorter, and only this library's own writes invalidate them.",
        EventName = nameof(ChangesUnsupported))]
    public static partial void ChangesUnsupported(ILogger logger, string name);
}
