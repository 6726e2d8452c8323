using Microsoft.Extensions.Logging;

namespace RedisResilience.Dashboard;

/// <summary>The log messages of the page.</summary>
internal static partial class Log
{
    public const string Category = "RedisResilience.Dashboard";

    [LoggerMessage(
        40,
        LogLevel.Warning,
        "A request for the dashboard was answered with 403. Without RequireAuthorization() or an AccessFilter, it answers only requests "
        + "that come from this machine, by a loopback address and through no proxy. This is said once.",
        EventName = "DashboardForbidden")]
    public static partial void Forbidden(ILogger logger);

    [LoggerMessage(41, LogLevel.Information, "Somebody at the dashboard asked for an action of the kind '{Kind}'. Done: "
        + "{IsDone}.", EventName = "DashboardAction")]
    public static partial void Acted(ILogger logger, string kind, bool isDone);
}
