namespace RedisResilience.AspNetCore.Registration;

/// <summary>How long the cache lets an entry live: 1 ms to 365 days.</summary>
internal static class EntryLifetime
{
    public static bool IsAllowed(TimeSpan time) => time >= TimeSpan.FromMilliseconds(1) && time <= TimeSpan.FromDays(365);
}
