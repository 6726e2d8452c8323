using Microsoft.Extensions.Logging;

namespace RedisResilience.Diagnostics;

/// <summary>All log messages of the library. They are about changes of state, and never contain requests, keys or secrets.</summary>
internal static partial class Log
{
    public const int NotConfiguredId = 1;
    public const int AvailableId = 2;
    public const int FarId = 3;
    public const int UnavailableId = 4;
    public const int RefusedId = 5;
    public const int ShardUnavailableId = 6;
    public const int ShardAvailableId = 7;
    public const int SharedConnectionId = 8;
    public const int NotEnforcedId = 9;
    public const int LocalTierId = 20;
    public const int TooManyKeysId = 21;

    [LoggerMessage(
        NotConfiguredId,
        LogLevel.Information,
        "No Redis is configured: rate limiting and response caching are off, and every call goes on without them.",
        EventName = "RedisNotConfigured")]
    public static partial void NotConfigured(ILogger logger);

    [LoggerMessage(
        AvailableId,
        LogLevel.Information,
        "Redis {Server} is in use (round trip {RoundTripMilliseconds:0.0} ms).",
        EventName = "RedisAvailable")]
    public static partial void Available(ILogger logger, string server, double roundTripMilliseconds);

    [LoggerMessage(
        FarId,
        LogLevel.Warning,
        "Redis {Server} is in use, but far away: its round trip of {RoundTripMilliseconds:0} ms has raised the command deadline to "
            + "{DeadlineMilliseconds:0} ms.",
        EventName = "RedisAvailableButFar")]
    public static partial void AvailableButFar(ILogger logger, string server, double roundTripMilliseconds, double deadlineMilliseconds);

    [LoggerMessage(
        UnavailableId,
        LogLevel.Warning,
        "Redis {Server} is not in use: {Reason}. Calls go on without it until it is back.",
        EventName = "RedisUnavailable")]
    public static partial void Unavailable(ILogger logger, string server, string reason);

    [LoggerMessage(
        RefusedId,
        LogLevel.Warning,
        "Redis {Server} refuses some commands: {Reason}. Those calls go on without it.",
        EventName = "RedisRefuses")]
    public static partial void Refused(ILogger logger, string server, string reason);

    [LoggerMessage(
        ShardUnavailableId,
        LogLevel.Warning,
        "The cluster's shard of the slots {Slots} is not in use: {Reason}. Calls for its keys go on without it until it is back.",
        EventName = "RedisShardUnavailable")]
    public static partial void ShardUnavailable(ILogger logger, string slots, string reason);

    [LoggerMessage(
        ShardAvailableId,
        LogLevel.Information,
        "The cluster's shard of the slots {Slots} is in use again.",
        EventName = "RedisShardAvailable")]
    public static partial void ShardAvailable(ILogger logger, string slots);

    [LoggerMessage(
        SharedConnectionId,
        LogLevel.Warning,
        "The application's own connection to Redis {Server} has settings that break the promise: {Settings}.",
        EventName = "RedisSharedConnection")]
    public static partial void SharedConnection(ILogger logger, string server, string settings);

    [LoggerMessage(
        NotEnforcedId,
        LogLevel.Warning,
        "The limit '{Limit}' denies when Redis cannot answer, but no Redis is configured: it is not enforced, and every call is allowed.",
        EventName = "LimitNotEnforced")]
    public static partial void NotEnforced(ILogger logger, string limit);

    [LoggerMessage(LocalTierId, LogLevel.Information, "The local tier is on: {Mode}.", EventName = "LocalTierOn")]
    public static partial void LocalTier(ILogger logger, string mode);

    [LoggerMessage(
        TooManyKeysId,
        LogLevel.Warning,
        "More than {Maximum} different keys were to be cached at once: further ones are served and not stored.",
        EventName = "TooManyKeys")]
    public static partial void TooManyKeys(ILogger logger, int maximum);
}
