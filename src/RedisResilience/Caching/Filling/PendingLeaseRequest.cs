using RedisResilience.Caching.Stores;

namespace RedisResilience.Caching.Filling;

/// <summary>The callers of one key in this process who ask for its lease together, and wait together for the holder of the lease.</summary>
internal sealed class PendingLeaseRequest(
    string key, SourceCall call, ReadOnlyMemory<byte> seen, bool overridesCoolDown, TimeSpan maximumWait, long joinedAt)
{
    private readonly TaskCompletionSource<LeaseRequestResult> _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _members = 1;
    private bool _hasQuit;

    public string Key { get; } = key;

    public SourceCall Call { get; } = call;

    public TimeSpan MaximumWait { get; } = maximumWait;

    /// <summary>When the first caller came.</summary>
    public long JoinedAt { get; } = joinedAt;

    /// <summary>
    /// When their time for the store began: with the first caller's request, or when the store last said that another process loads the
    /// entry.
    /// </summary>
    public long Since { get; set; } = call.Since;

    /// <summary>The callers who came after this request was sent. Use it under the lock of the requests.</summary>
    public PendingLeaseRequest? Next { get; set; }

    public Task<LeaseRequestResult> Decided => _decided.Task;

    /// <summary>Completed when this request waits for others: for another process's load, or behind a request that does.</summary>
    public Task Waits => _waits.Task;

    public bool IsDeserted => Volatile.Read(ref _members) == 0;

    public LeaseRequest NewRequest() => new(LeaseRequest.NewToken(), Call.Options.LeaseTime, overridesCoolDown, seen);

    /// <summary>From now on it waits for others, and so do the callers behind it. Use it under the lock of the requests.</summary>
    public void BeginWait()
    {
        _waits.TrySetResult();
        Next?.BeginWait();
    }

    /// <summary>Adds a caller. Use it under the lock of the requests, before the request is sent.</summary>
    public void Join() => Interlocked.Increment(ref _members);

    /// <summary>A caller has the result, or has left.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _members) == 0 && _decided.Task.IsCompletedSuccessfully)
        {
            Quit(_decided.Task.Result.InFlightLoad);
        }
    }

    public void Decide(in LeaseRequestResult result)
    {
        _decided.SetResult(result);
        if (IsDeserted)
        {
            Quit(result.InFlightLoad);
        }
    }

    // Once: the last member may leave between the decision and the look at who is left, and would be counted out of its own load.
    private void Quit(InFlightLoad? load)
    {
        if (!Interlocked.Exchange(ref _hasQuit, true))
        {
            load?.Leave();
        }
    }
}
