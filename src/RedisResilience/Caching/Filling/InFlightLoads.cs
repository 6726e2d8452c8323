using System.Collections.Concurrent;
using RedisResilience.Caching.Invalidation;

namespace RedisResilience.Caching.Filling;

/// <summary>The loads under way in this process: the latest load of each key.</summary>
internal sealed class InFlightLoads(LoadRunner runner)
{
    private readonly ConcurrentDictionary<string, InFlightLoad> _latest = new(StringComparer.Ordinal);
    private readonly Lock _starting = new();
    private long _number;

    /// <summary>Identifies this cache among others.</summary>
    public object Cache => runner;

    /// <summary>The number of the latest load of all. A call notes it when it begins.</summary>
    public long Number => Volatile.Read(ref _number);

    public bool IsUnderWay(string key) => _latest.ContainsKey(key);

    /// <summary>Joins the load with this lease. Null when there is none, and when it is too late to join it.</summary>
    public InFlightLoad? JoinLeased(string key, long token) =>
        _latest.TryGetValue(key, out var load) && load.Lease.Token == token && !load.HasTags && load.TryJoin() ? load : null;

    /// <summary>
    /// Joins a load that began after a call, or returns null. Such a load respects every removal that the call may know of.
    /// </summary>
    public InFlightLoad? JoinLater(string key, long number) =>
        _latest.TryGetValue(key, out var load) && load.Number > number && !load.IsOutdated && load.TryJoin() ? load : null;

    /// <summary>A load that begins now, without a lease and for one caller alone.</summary>
    public InFlightLoad StartAlone(string key, SourceCall call)
    {
        var load = new InFlightLoad(key, call, default, call.Since, Interlocked.Increment(ref _number));
        _ = RunAsync(load);
        return load;
    }

    /// <summary>Joins a load that began after a call, or begins one now without a lease.</summary>
    public InFlightLoad JoinLaterOrStart(string key, SourceCall call, long number)
    {
        InFlightLoad load;
        lock (_starting)
        {
            if (JoinLater(key, number) is { } joined)
            {
                return joined;
            }

            load = Register(key, call, default, call.Since);
        }

        _ = RunAsync(load);
        return load;
    }

    /// <summary>Begins a load. Its starter has joined it.</summary>
    public InFlightLoad Start(string key, SourceCall call, InFlightLease lease, long since)
    {
        var load = Register(key, call, lease, since);
        _ = RunAsync(load);
        return load;
    }

    /// <summary>Keeps callers from joining the load under way, because its answer may be older than what has just been written.</summary>
    public void Forget(string key) => _latest.TryRemove(key, out _);

    /// <summary>Keeps callers from joining loads that are affected by a removal that the store has not acknowledged.</summary>
    public void Forget(Removal removal)
    {
        foreach (var load in _latest.Where(load => load.Value.HearOf(removal)))
        {
            _latest.TryRemove(load);
        }
    }

    private InFlightLoad Register(string key, SourceCall call, InFlightLease lease, long since) =>
        _latest[key] = new InFlightLoad(key, call, lease, since, Interlocked.Increment(ref _number));

    private async Task RunAsync(InFlightLoad load)
    {
        try
        {
            await runner.RunAsync(load).ConfigureAwait(false);
        }
        finally
        {
            _latest.TryRemove(new KeyValuePair<string, InFlightLoad>(load.Key, load));
        }
    }
}
