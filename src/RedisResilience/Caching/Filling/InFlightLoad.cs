using System.Diagnostics.CodeAnalysis;
using RedisResilience.Caching.Entries;
using RedisResilience.Caching.Invalidation;

namespace RedisResilience.Caching.Filling;

/// <summary>
/// One load of the source, with all callers who wait for it. It continues while any of them waits, even if the first caller has left.
/// </summary>
/// <remarks>A new load counts two participants: the caller who started it, and its runner. Each of them has to leave.</remarks>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be "
    + "disposable", Justification = "The token source has no timer and no handle that anybody asked for.")]
internal sealed class InFlightLoad(string key, SourceCall call, InFlightLease lease, long since, long number)
{
    private readonly TaskCompletionSource<LoadResult> _landed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _abandoned = new();
    private readonly CancellationTokenSource _awaitedInside = new();
    private readonly Lock _lock = new();
    private bool _hasAsked;
    private bool _hasTags;
    private int _waiters = 1;
    private int _users = 2;
    private SharedOwner? _owner;
    private IReadOnlyList<string>? _tagsTold;
    private HashSet<string>? _tagsRemoved;

    public string Key { get; } = key;

    public SourceCall Call { get; } = call;

    public InFlightLease Lease { get; } = lease;

    /// <summary>How long the load may ask the store on behalf of all waiting callers.</summary>
    public LoadTime Time { get; } = new(since, asksFirst: lease.Stands && call.Options.Tags.Count > 0);

    /// <summary>Its place in the order of all loads: a call that has seen no such number yet began before this load.</summary>
    public long Number { get; } = number;

    /// <summary>Cancelled when no caller waits any more.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>Cancelled when another load waits for this one from inside: it is a part of that, then, and has its permit.</summary>
    public CancellationToken IsAwaitedInside => _awaitedInside.Token;

    /// <summary>The stamps of the tags from before the source was called. Null until then, and when the store did not answer.</summary>
    public EntryTag[]? Stamps { get; set; }

    /// <summary>Whether the source may have been called.</summary>
    public bool HasAsked { get => Volatile.Read(ref _hasAsked); set => Volatile.Write(ref _hasAsked, value); }

    /// <summary>Whether the source has named tags, and they are being looked at, or have been: whoever comes now may know of a later
    /// removal.</summary>
    public bool HasTags { get => Volatile.Read(ref _hasTags); set => Volatile.Write(ref _hasTags, value); }

    /// <summary>Whether it has a turn to tell the store what has become of it, which is to be given back.</summary>
    public bool HasTurn { get; set; }

    /// <summary>Whether it has landed and may be older than a removal.</summary>
    public bool IsOutdated => _landed.Task is { IsCompletedSuccessfully: true, Result.IsOutdated: true };

    /// <summary>Completed when the source has answered, or failed.</summary>
    public Task Landed => _landed.Task;

    /// <summary>Adds a waiting caller. False when all callers have left before the load ended, and when the load has ended.</summary>
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

    /// <summary>Another load waits for this one from inside.</summary>
    public void AwaitInside() => _awaitedInside.Cancel();

    /// <summary>Waits for the answer of the source. Only for a caller who has joined and not left.</summary>
    /// <returns>Null for a caller who has joined a load that may be older than a removal. The caller should read the entry again.</returns>
    public async ValueTask<CachedResponse?> TakeAsync(SourceCall call)
    {
        var isStarter = ReferenceEquals(call, Call);
        var result = await _landed.Task.ConfigureAwait(false);
        return !isStarter && result.MayBeOld(cameBefore: Number > call.LoadsBefore)
            ? null
            : result.ToResponse(isStarter ? CacheOutcome.Created : CacheOutcome.Collapsed, _owner?.Hold());
    }

    /// <summary>A waiting caller leaves.</summary>
    public void Leave()
    {
        bool isAbandoned;
        lock (_lock)
        {
            isAbandoned = --_waiters == 0 && !_landed.Task.IsCompleted;
        }

        if (isAbandoned)
        {
            // What the source has registered runs elsewhere: it neither holds up nor fails the one who goes.
            _ = _abandoned.CancelAsync();
        }

        Finish();
    }

    /// <summary>
    /// Called when the work is done and nothing needs the source's bytes any more. If that is not certain, it is not called, and the
    /// garbage collector takes the buffer.
    /// </summary>
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

    /// <summary>
    /// Takes note of a removal that the store has not answered. If only the tags of the source's answer show that the removal affects this
    /// load, the load finds that out at its end.
    /// </summary>
    /// <returns>Whether no caller may join this load any more.</returns>
    public bool HearOf(Removal removal)
    {
        if (removal.Kind == RemovalKind.Namespace)
        {
            return Namespaces.Holds(removal.Name, Key);
        }

        lock (_lock)
        {
            (_tagsRemoved ??= new HashSet<string>(StringComparer.Ordinal)).Add(removal.Name);
            return Call.Options.Tags.Contains(removal.Name) || IsVoid_NeedsLock();
        }
    }

    public void Land(in LoadResult result)
    {
        _owner = result.Response.Owner is { } owner ? new SharedOwner(owner) : null;
        bool isVoid;
        lock (_lock)
        {
            _tagsTold = result.Response.Tags;
            isVoid = IsVoid_NeedsLock();
        }

        _landed.SetResult(isVoid ? result with { IsOutdated = true } : result);
    }

    private bool IsVoid_NeedsLock() => _tagsTold is not null && _tagsRemoved is not null && _tagsRemoved.Overlaps(_tagsTold);

    public void Crash(Exception exception)
    {
        _landed.SetException(exception);

        // Looked at, for those who waited may have gone.
        _ = _landed.Task.Exception;
    }
}
