namespace RedisResilience.Caching;

/// <summary>How long an entry may live.</summary>
internal static class TimeToLiveRules
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public static void Validate(TimeSpan timeToLive)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeToLive, Shortest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeToLive, Longest);
    }
}
