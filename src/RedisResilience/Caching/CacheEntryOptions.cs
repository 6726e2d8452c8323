using RedisResilience.Caching.Entries;
using RedisResilience.Caching.Reading;

namespace RedisResilience.Caching;

/// <summary>How an entry is kept and filled. Immutable: make one for each kind of entry and share it among all calls.</summary>
/// <remarks>
/// An entry in Redis is the raw body. Stale windows, tags and early refresh need a small header before the body.
/// </remarks>
public sealed record CacheEntryOptions
{
    /// <summary>Options with only a time to live.</summary>
    /// <param name="timeToLive">How long an entry is fresh: 1 ms to 365 days.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeToLive"/> is out of its range.</exception>
    public CacheEntryOptions(TimeSpan timeToLive) => TimeToLive = timeToLive;

    /// <summary>How long an entry is fresh.</summary>
    /// <value>From 1 ms to 365 days.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public TimeSpan TimeToLive { get; init => field = TimeToLiveRules.Valid(value); }

    /// <summary>
    /// How long an entry may be served stale after its time to live, while one caller in the cluster refreshes it in the background (RFC
    /// 5861, section 3).
    /// </summary>
    /// <value>Default: zero. Up to 365 days.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public TimeSpan StaleWhileRevalidate { get; init => field = TimeToLiveRules.ValidWindow(value); }

    /// <summary>How long an entry may be served stale after its time to live when the source fails or is overloaded (RFC 5861, section
    /// 4).</summary>
    /// <value>Default: zero. Up to 365 days.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public TimeSpan StaleIfError { get; init => field = TimeToLiveRules.ValidWindow(value); }

    /// <summary>How long the cache does not ask a source that has failed, while there is a stale entry to serve.</summary>
    /// <value>Default: 1 s. From 1 ms to 365 days.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public TimeSpan ErrorCoolDown { get; init => field = TimeToLiveRules.Valid(value); } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How early entries are refreshed in the background: β of XFetch (Vattani, Chierichetti, Lowenstein: "Optimal Probabilistic Cache
    /// Stampede Prevention", VLDB 2015). A reader is more likely to start a refresh when the entry ends soon, and when its load took long.
    /// </summary>
    /// <value>Default: 0, never. 1 is the paper's optimum, more is earlier. Up to 100.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public double EarlyRefreshFactor { get; init => field = InRange(value, 100); }

    /// <summary>
    /// The largest part of a time to live that is subtracted at random, so that entries that were stored together do not expire together.
    /// </summary>
    /// <value>Default: 0. Up to 0.5.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public double JitterFactor { get; init => field = InRange(value, 0.5); }

    /// <summary>How long the cache remembers that the source has nothing.</summary>
    /// <value>Default: null, not at all. From 1 ms to 365 days.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public TimeSpan? NegativeTimeToLive { get; init => field = value is { } life ? TimeToLiveRules.Valid(life) : null; }

    /// <summary>Names under which entries can be removed together (<see cref="IResponseCache.RemoveByTagAsync"/>).</summary>
    /// <value>Default: none. At most 16. Each follows the rules for keys.</value>
    /// <exception cref="ArgumentException">A tag that is no good as a key, or too many.</exception>
    public IReadOnlyList<string> Tags { get; init => field = [.. TagRules.Valid(value) ?? []]; } = [];

    /// <summary>How long a caller waits for another process to fill the entry before it asks the source itself.</summary>
    /// <value>Default: 2 s. Up to 365 days; zero: it does not wait.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public TimeSpan MaximumFillWait { get; init => field = TimeToLiveRules.ValidWindow(value); } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long one caller in the cluster has the right to fill the entry. The right is prolonged while the load runs, up to
    /// <see cref="MaximumLoadTime"/>, unless this time is shorter than 100 ms. When a process dies during a load, another caller may fill
    /// the entry after this time.
    /// </summary>
    /// <value>Default: 10 s. From 1 ms to 365 days.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public TimeSpan LeaseTime { get; init => field = TimeToLiveRules.Valid(value); } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the right to fill is prolonged (<see cref="LeaseTime"/>). A load that takes longer is served and not stored.
    /// </summary>
    /// <value>Default: 60 s. Up to 365 days. When it is not more than <see cref="LeaseTime"/>, nothing is prolonged.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public TimeSpan MaximumLoadTime { get; init => field = TimeToLiveRules.ValidWindow(value); } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Whether the caller who finds a stale entry refreshes it and waits for the source, instead of a refresh in the background. Use it for
    /// a source that may not be used after the call, such as a request. Other callers get the stale entry meanwhile.
    /// </summary>
    /// <value>Default: false.</value>
    public bool RefreshInForeground { get; init; }

    /// <summary>
    /// Whether the call neither reads the entry from Redis nor stores it there. It asks the source, together with the other callers of this
    /// process and within its bounds. Use it when your own read has just got no answer (<see cref="CacheOutcome.Unavailable"/>), so that
    /// you do not wait a second time.
    /// </summary>
    /// <value>Default: false.</value>
    public bool SkipRedis { get; init; }

    /// <summary>What a reader must know of an entry with these options. Only an entry with a header needs its time to live.</summary>
    internal EntryParts Parts =>
        StaleWhileRevalidate == TimeSpan.Zero && StaleIfError == TimeSpan.Zero && EarlyRefreshFactor == 0 && Tags.Count == 0
            ? EntryParts.Body
            : EntryParts.Body | EntryParts.TimeToLive;

    private static double InRange(double value, double most) =>
        value >= 0 && value <= most ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"It must be from 0 to {most}.");
}
