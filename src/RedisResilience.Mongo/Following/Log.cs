namespace RedisResilience.Mongo.Following;

/// <summary>Log messages about the watcher: one for each change of state, without keys or documents.</summary>
internal static partial class Log
{
    [LoggerMessage(
        100,
        LogLevel.Information,
        "Following the changes of MongoDB's {Name}: a write by any program invalidates.",
        EventName = nameof(FollowsChanges))]
    public static partial void FollowsChanges(ILogger logger, string name);

    [LoggerMessage(
        101,
        LogLevel.Warning,
        "The changes of {Name} cannot be followed at the moment; cached documents live shorter until they can.",
        EventName = nameof(Interrupted))]
    public static partial void Interrupted(ILogger logger, string name, Exception failure);

    [LoggerMessage(
        102,
        LogLevel.Warning,
        "MongoDB has forgotten changes of {Name} that were not followed yet: all its cached documents are given up.",
        EventName = nameof(HistoryLost))]
    public static partial void HistoryLost(ILogger logger, string name);

    [LoggerMessage(
        103,
        LogLevel.Warning,
        "MongoDB's {Name} was dropped or renamed: all its cached documents are given up.",
        EventName = nameof(CollectionIsGone))]
    public static partial void CollectionIsGone(ILogger logger, string name);

    [LoggerMessage(
        104,
        LogLevel.Warning,
        "This MongoDB is no replica set and tells nobody of changes: documents of {Name} live shorter, and only own writes invalidate.",
        EventName = nameof(ChangesUnsupported))]
    public static partial void ChangesUnsupported(ILogger logger, string name);

    [LoggerMessage(
        105,
        LogLevel.Error,
        "MongoDB refuses to tell of the changes of {Name}, and will until the cause is mended: cached documents live shorter.",
        EventName = nameof(ChangesRefused))]
    public static partial void ChangesRefused(ILogger logger, string name, Exception failure);

    [LoggerMessage(
        106,
        LogLevel.Warning,
        "Redis deletes and takes nothing: it may be out of memory. Changes of {Name} invalidate, and are followed once more later.",
        EventName = nameof(OnlyDeletes))]
    public static partial void OnlyDeletes(ILogger logger, string name);

    [LoggerMessage(
        107,
        LogLevel.Warning,
        "Pre-images need MongoDB 6.0, and this server is {Version}: entries of {Name} by their {Field} are found by a tag of their _id.",
        EventName = nameof(NoPreImages))]
    public static partial void NoPreImages(ILogger logger, string name, string field, Version version);
}
