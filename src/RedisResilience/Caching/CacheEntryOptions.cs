using RedisResilience.Caching.Entries;
using RedisResilience.Caching.Reading;

namespace RedisResilience.Caching;

/// <summary>How an entry is kept and filled. Immutable: make one for each kind of entry and share it among all calls.</summary>
/// <remarks>
/// With nothing but a time to live, an entry is the raw body. Everything else that must be remembered stands in a small header before it.
/// </remarks>
public sealed record CacheEntryOptions
{
    /// <summary>Options with nothing but a time to live.</summary>
    /// <param name="timeToLive">How long an entry is fresh: 1 ms to 365 days.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeToLive"/> is out of its range.</exception>
    public CacheEntryOptions(TimeSpan timeToLive) => TimeToLive = timeToLive;

    /// <summary>How long an entry is fresh.</summary>
    /// <value>From 1 ms to 365 days.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public TimeSpan TimeToLive { get; init => field = TimeToLiveRules.Valid(value); }

    /// <summary>
    /// How long after that it is served stale while one caller in the cluster asks the source in the background (RFC 5861, section 3).
    /// </summary>
    /// <value>Default: zero. Up to 365 days.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public TimeSpan StaleWhileRevalidate { get; init => field = TimeToLiveRules.ValidWindow(value); }

    /// <summary>How long after its time to live it is served stale when the source fails or is overloaded (RFC 5861, section 4).</summary>
    /// <value>Default: zero. Up to 365 days.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public TimeSpan StaleIfError { get; init => field = TimeToLiveRules.ValidWindow(value); }

    /// <summary>How long a source that has failed is left alone while there is a stale entry to serve.</summary>
    /// <value>Default: 1 s. From 1 ms to 365 days.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public TimeSpan ErrorCoolDown { get; init => field = TimeToLiveRules.Valid(value); } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The eagerness of early refresh, β of XFetch (Vattani, Chierichetti, Lowenstein: "Optimal Probabilistic Cache Stampede Prevention",
    /// VLDB 2015): the nearer an entry's end and the longer its load took, the likelier is a reader to have it refreshed in the background.
    /// </summary>
    /// <value>Default: 0, never. 1 is the paper's optimum, more is earlier. Up to 100.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public double EarlyRefreshFactor { get; init => field = InRange(value, 100); }

    /// <summary>
    /// The largest share by which a time to live is shortened at random, so that entries that were stored together do not end together.
    /// </summary>
    /// <value>Default: 0. Up to 0.5.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public double JitterFactor { get; init => field = InRange(value, 0.5); }

    /// <summary>How long the cache remembers that the source has nothing.</summary>
    /// <value>Default: null, not at all. From 1 ms to 365 days.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public TimeSpan? NegativeTimeToLive { get; init => field = value is { } life ? TimeToLiveRules.Valid(life) : null; }

    /// <summary>Names under which entries can be removed together (<see cref="IResponseCache.RemoveByTagAsync"/>).</summary>
    /// <value>Default: none. At most 16, each as a key may be.</value>
    /// <exception cref="ArgumentException">A tag that is no good as a key, or too many.</exception>
    public IReadOnlyList<string> Tags { get; init => field = [.. TagRules.Valid(value) ?? []]; } = [];

    /// <summary>How long a caller waits for another process to fill the entry before it asks the source itself.</summary>
    /// <value>Default: 2 s. Up to 365 days; zero: it does not wait.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public TimeSpan MaximumFillWait { get; init => field = TimeToLiveRules.ValidWindow(value); } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long one caller in the cluster has the right to fill the entry. It is prolonged while the load runs, up to
    /// <see cref="MaximumLoadTime"/>, unless it is shorter than 100 ms; a filler that has died is noticed by its end.
    /// </summary>
    /// <value>Default: 10 s. From 1 ms to 365 days.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public TimeSpan LeaseTime { get; init => field = TimeToLiveRules.Valid(value); } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a load may take whose right to fill is prolonged (<see cref="LeaseTime"/>). One that takes longer is served and not stored.
    /// </summary>
    /// <value>Default: 60 s. Up to 365 days; not more than <see cref="LeaseTime"/>: nothing is prolonged.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public TimeSpan MaximumLoadTime { get; init => field = TimeToLiveRules.ValidWindow(value); } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Whether a stale entry is refreshed by the caller who finds it, who then waits for the source, and not in the background: for a
    /// source that may not be used after the call, such as a request. The others are served the stale entry meanwhile.
    /// </summary>
    /// <value>Default: false.</value>
    public bool RefreshInForeground { get; init; }

    /// <summary>
    /// Whether Redis is neither asked for the entry nor given it: the source is asked, together with the others of this process and within
    /// its bounds. For a caller whose own read has just gone unanswered (<see cref="CacheOutcome.Unavailable"/>), and who would wait a
    /// second time.
    /// </summary>
    /// <value>Default: false.</value>
    public bool SkipRedis { get; init; }

    /// <summary>What a reader has to know of an entry that is kept so: only one with a header of ours needs its time to live.</summary>
    internal EntryParts Parts =>
        StaleWhileRevalidate == TimeSpan.Zero && StaleIfError == TimeSpan.Zero && EarlyRefreshFactor == 0 && Tags.Count == 0
            ? EntryParts.Body
            : EntryParts.Body | EntryParts.TimeToLive;

    private static double InRange(double value, double most) =>
        value >= 0 && value <= most ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"It must be from 0 to {most}.");
}
