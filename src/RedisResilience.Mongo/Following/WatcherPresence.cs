using System.Text;
using RedisResilience.Caching;

namespace RedisResilience.Mongo.Following;

/// <summary>
/// Whether anybody in the deployment follows the collection's changes: the watcher says so in Redis, again and again, and who fills the cache looks
/// from time to time. While nobody does, entries live shorter.
/// </summary>
internal sealed class WatcherPresence(IResponseCache cache, TimeProvider time, string name, TimeSpan? unwatchedTimeToLive)
{
    private static readonly byte[] Here = Encoding.UTF8.GetBytes("watching");
    private static readonly TimeSpan LooksEvery = TimeSpan.FromSeconds(1);

    private readonly string _key = $"changestream:{name}:watched";
    private long _lookedAt;
    private bool _hasLooked;
    private volatile bool _isWatched;

    /// <summary>How long a watcher counts as there after its last sign.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an entry that is made now may live; null leaves it to the options.</summary>
    public ValueTask<TimeSpan?> TimeToLiveAsync(CancellationToken cancellationToken)
    {
        if (unwatchedTimeToLive is null)
        {
            return default;
        }

        return _hasLooked && time.GetElapsedTime(Volatile.Read(ref _lookedAt)) < LooksEvery
            ? new ValueTask<TimeSpan?>(_isWatched ? null : unwatchedTimeToLive)
            : LookAsync(cancellationToken);
    }

    /// <summary>Says that this process watches.</summary>
    public ValueTask<bool> AnnounceAsync(CancellationToken cancellationToken) => cache.SetAsync(_key, Here, Lifetime, cancellationToken);

    /// <summary>Says that nobody watches any more, as far as this process knows.</summary>
    public ValueTask<bool> WithdrawAsync() => cache.RemoveAsync(_key, CancellationToken.None);

    private async ValueTask<TimeSpan?> LookAsync(CancellationToken cancellationToken)
    {
        using var sign = await cache.GetAsync(_key, cancellationToken).ConfigureAwait(false);
        _isWatched = sign.HasBody;
        Volatile.Write(ref _lookedAt, time.GetTimestamp());
        _hasLooked = true;
        return _isWatched ? null : unwatchedTimeToLive;
    }
}
