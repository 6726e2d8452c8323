using Microsoft.Extensions.Caching.Distributed;
using RedisResilience.Caching.Entries;

namespace RedisResilience.Caching.Distributed;

/// <summary>
/// When an entry of <see cref="IDistributedCache"/> expires: at a fixed time, after a time without a read, or at the earlier of the two.
/// </summary>
/// <param name="Sliding">How long it lives after each read. Null without sliding expiration.</param>
/// <param name="Absolute">When it expires at the latest, by the clock of the caller. Null without an absolute expiration.</param>
internal readonly record struct EntryExpiration(TimeSpan? Sliding, DateTimeOffset? Absolute)
{
    /// <summary>The expiration of the options, or the default if they have none.</summary>
    public static EntryExpiration Of(DistributedCacheEntryOptions options, DateTimeOffset now, TimeSpan defaultTimeToLive)
    {
        var absolute = options.AbsoluteExpirationRelativeToNow is { } time ? now + TimeToLiveRules.Clamp(time) : options.AbsoluteExpiration;
        return absolute is null && options.SlidingExpiration is null
            ? new EntryExpiration(null, now + defaultTimeToLive)
            : new EntryExpiration(options.SlidingExpiration, absolute);
    }

    /// <summary>How long the entry lives from now on if it is not read. Null when it has expired.</summary>
    public TimeSpan? TimeToLiveAt(DateTimeOffset now)
    {
        var rest = Absolute is { } end ? end - now : TimeSpan.MaxValue;
        return rest <= TimeSpan.Zero ? null : TimeToLiveRules.Clamp(Sliding is { } sliding && sliding < rest ? sliding : rest);
    }
}
