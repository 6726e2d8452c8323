namespace RedisResilience.Tests;

/// <summary>How long a test waits for what must come at once: only a broken library ever waits so long.</summary>
internal static class Patience
{
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(30);
}
