namespace RedisResilience.Caching.Stores;

/// <summary>
/// The version of a tag or a namespace: the time at which it was made, and random bits so that no two are equal. It is negative if no
/// removal has made it. Zero means no version.
/// </summary>
internal static class TagVersion
{
    /// <summary>More than any has.</summary>
    public const int ReadLength = 32;

    private const long Spread = 2048;

    // Lua counts no further, and nobody gets there before the year 2109.
    private const long Limit = 9_000_000_000_000_000;

    // Tags and leases may stand on several servers, whose clocks differ.
    private const long ClockSlack = 1000;

    public static long NewSpread() => Random.Shared.NextInt64(Spread);

    public static long At(long milliseconds, long spread) => (milliseconds * Spread) + spread;

    /// <summary>Returns zero for a number that is not a version, because another program has written it.</summary>
    public static long Plausible(long version) => version is > -Limit and < Limit ? version : 0;

    /// <summary>Chooses one of the two stored copies of a version. One of them may be lost.</summary>
    public static long Either(long one, long other) => one == 0 ? other : other == 0 ? one : Math.Max(one, other);

    /// <summary>When a removal has made it, by the store's clock.</summary>
    public static DateTimeOffset MadeAt(long version) => DateTimeOffset.FromUnixTimeMilliseconds(version / Spread);

    public static bool WasRemoved(long version) => version > 0;

    /// <summary>Whether a removal is certain to have been before a moment.</summary>
    public static bool IsOlderThan(long version, long milliseconds) => version / Spread < milliseconds - ClockSlack;
}
