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

    /// <summary>When the first of them came.</summary>
    public long JoinedAt { get; } = joinedAt;

    /// <summary>When their time for the store began: with the request of the first of them, or when the store last said that they must wait
    /// for somebody else's load.</summary>
    public long Since { get; set; } = call.Since;

    /// <summary>Those who came after this one was sent. Under the contests' lock.</summary>
    public PendingLeaseRequest? Next { get; set; }

    public Task<LeaseRequestResult> Decided => _decided.Task;

    /// <summary>Completed when it waits for what others do: for somebody else's load, or behind a request that does.</summary>
    public Task Waits => _waits.Task;

    public bool IsDeserted => Volatile.Read(ref _members) == 0;

    public LeaseRequest NewRequest() => new(LeaseRequest.NewToken(), Call.Options.LeaseTime, overridesCoolDown, seen);

    /// <summary>It waits for others from now on, and so does who comes behind it. Under the requests' lock.</summary>
    public void BeginWait()
    {
        _waits.TrySetResult();
        Next?.BeginWait();
    }

    /// <summary>Under the requests' lock, and before it is sent.</summary>
    public void Join() => Interlocked.Increment(ref _members);

    /// <summary>A member has got what it came for, or has gone.</summary>
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

    // Once: the last member may leave between the decision and the look at who is left, and would be counted out of its own flight.
    private void Quit(InFlightLoad? flight)
    {
        if (!Interlocked.Exchange(ref _hasQuit, true))
        {
            flight?.Leave();
        }
    }
}
