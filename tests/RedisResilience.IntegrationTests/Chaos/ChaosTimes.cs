namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>How long each part of a run takes: briefly with every test run, and at length for the figures that are published.</summary>
internal static class ChaosTimes
{
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("REDISRESILIENCE_LONG") == "1";

    public static TimeSpan Healthy { get; } = TimeSpan.FromSeconds(IsLong ? 3 : 0.3);

    public static TimeSpan Fault { get; } = TimeSpan.FromSeconds(IsLong ? 10 : 0.8);

    public static TimeSpan Recovered { get; } = TimeSpan.FromSeconds(IsLong ? 3 : 0.4);
}
