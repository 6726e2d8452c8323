using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.Caching.Filling;

/// <summary>One load of the source and all who wait for it. It goes on while anyone waits, whoever began it.</summary>
/// <remarks>Made with one who waits, its starter, and one who works, its runner; each has to leave.</remarks>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "The token source has no timer and no handle that anybody asked for.")]
internal sealed class InFlightLoad(string key, SourceCall call, InFlightLease lease, long since, long number)
{
    private readonly TaskCompletionSource<LoadResult> _landed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _abandoned = new();
    private readonly Lock _lock = new();
    private int _waiters = 1;
    private int _users = 2;
    private SharedOwner? _owner;

    public string Key { get; } = key;

    public SourceCall Call { get; } = call;

    public InFlightLease Lease { get; } = lease;

    /// <summary>For as long the store may be asked on behalf of all who wait.</summary>
    public LoadTime Time { get; } = new(since, asksFirst: lease.Stands && call.Options.Tags.Count > 0);

    /// <summary>Its place in the order of all flights: a call that has seen no such number yet began before this load.</summary>
    public long Number { get; } = number;

    /// <summary>Cancelled when nobody waits any more.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>Adds one who waits. False when all have gone before it landed, and when it is over.</summary>
    public bool TryJoin()
    {
        lock (_lock)
        {
            if (_users == 0 || (_waiters == 0 && !_landed.Task.IsCompleted))
            {
                return false;
            }

            _waiters++;
            _users++;
            return true;
        }
    }

    /// <summary>Waits until the source has answered. For one who has joined and not left.</summary>
    public async ValueTask<CachedResponse> WaitAsync(SourceCall call, CancellationToken cancellationToken)
    {
        var result = await _landed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return result.ToResponse(ReferenceEquals(call, Call) ? CacheOutcome.Created : CacheOutcome.Collapsed, _owner?.Hold());
    }

    /// <summary>One who waited has gone.</summary>
    public void Leave()
    {
        bool isAbandoned;
        lock (_lock)
        {
            isAbandoned = --_waiters == 0 && !_landed.Task.IsCompleted;
        }

        if (isAbandoned)
        {
            _abandoned.Cancel();
        }

        Finish();
    }

    /// <summary>The work is done, and nothing of it needs the source's bytes any more. Not called when that is not certain: the buffer is then the collector's.</summary>
    public void Finish()
    {
        lock (_lock)
        {
            if (--_users != 0)
            {
                return;
            }
        }

        _owner?.Release();
    }

    public void Land(in LoadResult result)
    {
        _owner = result.Response.Owner is { } owner ? new SharedOwner(owner) : null;
        _landed.SetResult(result);
    }

    public void Crash(Exception exception)
    {
        _landed.SetException(exception);

        // Looked at, for those who waited may have gone.
        _ = _landed.Task.Exception;
    }
}
