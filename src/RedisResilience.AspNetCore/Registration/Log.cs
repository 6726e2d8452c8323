using Microsoft.Extensions.Logging;

namespace RedisResilience.AspNetCore.Registration;

/// <summary>The log messages of the HTTP package. Its event ids begin at 100.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Error, "The changed HTTP options are not valid; the ones before stay in force: "
        + "{Reason}", EventName = "HttpOptionsRefused")]
    public static partial void OptionsRefused(ILogger logger, string reason);

    [LoggerMessage(
        101, LogLevel.Information, "The rate limit policy '{Policy}' has denied '{Key}'; {Unlogged} denials of the minute before have "
            + "had no line.", EventName = "RequestDenied")]
    public static partial void RequestDenied(ILogger logger, string policy, string key, int unlogged);

    [LoggerMessage(
        150, LogLevel.Warning, "An endpoint has failed, and an older response was served in place of its error.", EventName =
            "StaleServedForError")]
    public static partial void StaleServed(ILogger logger, Exception? exception);

}
