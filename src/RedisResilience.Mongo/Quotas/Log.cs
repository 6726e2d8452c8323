namespace RedisResilience.Mongo.Quotas;

/// <summary>Log messages about quotas: one for each change of state, without keys.</summary>
internal static partial class Log
{
    [LoggerMessage(
        110,
        LogLevel.Warning,
        "MongoDB does not count quotas at the moment: each call gets what its failure policy says.",
        EventName = nameof(Uncounted))]
    public static partial void Uncounted(ILogger logger, Exception failure);
}
