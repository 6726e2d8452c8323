using System.Text;
using RedisResilience.Mongo.Reading;

namespace RedisResilience.Mongo.Following;

/// <summary>
/// Says whether a process of the deployment follows the collection's changes. The watcher reports that in Redis at intervals, and fillers
/// read it from time to time. While no process follows the changes, entries get a shorter time to live.
/// </summary>
internal sealed class WatcherPresence(
    IResponseCache cache, AppliedTime applied, TimeProvider time, string name, TimeSpan? unwatchedTimeToLive)
{
    private static readonly byte[] Here = Encoding.UTF8.GetBytes("watching");
    private static readonly TimeSpan LooksEvery = TimeSpan.FromSeconds(1);

    private readonly string _key = $"changestream:{name}:watched";
    private long _lookedAt;
    private bool _hasLooked;
    private volatile bool _isWatched;
    private long? _announcedAt;

    /// <summary>How long a watcher counts as there after its last sign.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an entry that is filled now may live. Null for the value of the options.</summary>
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

    /// <summary>
    /// Says that this process watches, and how far it is. Reports at most as often as others read it, so that a change that comes meanwhile
    /// need not wait.
    /// </summary>
    public async ValueTask<bool> AnnounceAsync(CancellationToken cancellationToken)
    {
        if (_announcedAt is { } before && time.GetElapsedTime(before) < LooksEvery)
        {
            return true;
        }

        var now = time.GetTimestamp();
        var isSaid = await cache.SetAsync(_key, Here, Lifetime, cancellationToken).ConfigureAwait(false)
            && await applied.RaiseAsync(changedAt: null, cancellationToken).ConfigureAwait(false);
        _announcedAt = isSaid ? now : null;
        return isSaid;
    }

    /// <summary>Withdraws the report that this process watches.</summary>
    public ValueTask<bool> WithdrawAsync()
    {
        _announcedAt = null;
        return cache.RemoveAsync(_key, CancellationToken.None);
    }

    private async ValueTask<TimeSpan?> LookAsync(CancellationToken cancellationToken)
    {
        using var sign = await cache.GetAsync(_key, cancellationToken).ConfigureAwait(false);
        _isWatched = sign.HasBody;
        Volatile.Write(ref _lookedAt, time.GetTimestamp());
        _hasLooked = true;
        return _isWatched ? null : unwatchedTimeToLive;
    }
}
