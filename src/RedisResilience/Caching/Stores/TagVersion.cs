namespace RedisResilience.Caching.Stores;

/// <summary>The version of a tag: when it was replaced, and some bits so that no two are the same. Negative for one that was never replaced.</summary>
internal static class TagVersion
{
    private const long Spread = 2048;

    // Tags and leases may stand on several servers, whose clocks differ.
    private const long ClockSlack = 1000;

    public static long NewSpread() => Random.Shared.NextInt64(Spread);

    public static long At(long milliseconds, long spread) => (milliseconds * Spread) + spread;

    /// <summary>Whether a tag has certainly not been replaced since a moment.</summary>
    public static bool IsOlderThan(long version, long milliseconds) => version < 0 || version / Spread < milliseconds - ClockSlack;
}
