namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>How long each part of a run takes: briefly with every test run, and at length for the figures that are published.</summary>
internal static class ChaosTimes
{
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("REDISRESILIENCE_LONG") == "1";

    public static TimeSpan Healthy { get; } = TimeSpan.FromSeconds(IsLong ? 3 : 0.3);

    public static TimeSpan Fault { get; } = TimeSpan.FromSeconds(IsLong ? 10 : 0.8);

    /// <summary>Other processes that call, beside the nodes in this one. Briefly, one of them shows that they do
    /// (<see cref="ChaosFault.Killed"/>).</summary>
    public static int ProcessesDuring(ChaosFault fault) => IsLong ? 2 : fault == ChaosFault.Killed ? 1 : 0;

    public static TimeSpan Recovered { get; } = TimeSpan.FromSeconds(IsLong ? 3 : 0.4);
}
