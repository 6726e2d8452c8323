namespace RedisResilience.Tests;

/// <summary>How often a property is tried: seconds by default, minutes with <c>REDISRESILIENCE_LONG=1</c>.</summary>
internal static class Rounds
{
    public static bool AreLong => Environment.GetEnvironmentVariable("REDISRESILIENCE_LONG") == "1";

    public static long Of(long usual, long longRun) => AreLong ? longRun : usual;
}
