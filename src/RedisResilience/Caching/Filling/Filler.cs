using RedisResilience.Caching.Invalidation;
using RedisResilience.Caching.Reading;
using RedisResilience.Caching.Stores;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Filling;

/// <summary>Fills a missing entry: it joins a load that is under way, in any process, or begins one.</summary>
internal sealed class Filler(InFlightLoads loads, LeaseRequests requests, TagStamps tags, WritePause pause, TimeProvider timeProvider)
{
    /// <summary>The number of loads so far, which a call notes when it begins (<see cref="SourceCall.LoadsBefore"/>).</summary>
    public long Number => loads.Number;

    /// <summary>Whether a load of the key is under way in this process.</summary>
    public bool IsFilling(string key) => loads.IsUnderWay(key);

    public void Forget(string key) => loads.Forget(key);

    public void Forget(Removal removal) => loads.Forget(removal);

    /// <summary>The answer of the source. Null when the caller should read the entry again.</summary>
    /// <param name="call">How this caller asks the source.</param>
    /// <param name="found">The result of the read, and its key in the store.</param>
    /// <param name="cancellationToken">Ends its wait.</param>
    public async ValueTask<CachedResponse?> FillAsync(SourceCall call, ReadResult found, CancellationToken cancellationToken)
    {
        var key = found.Key;
        if (call.IsInside(loads.Cache, key))
        {
            // A part of the load that is under way, which stores what comes of it.
            return (await call.LoadAsync(loads.Cache, key, cancellationToken).ConfigureAwait(false)).ToCreated();
        }

        if (loads.JoinLater(key, call.LoadsBefore) is { } joined)
        {
            return await WaitAsync(joined, call, call.LoadsBefore, cancellationToken).ConfigureAwait(false);
        }

        if (found.State == EntryState.Unknown || pause.IsOn)
        {
            return await LoadAsync(key, call, found.Fault, cancellationToken).ConfigureAwait(false);
        }

        var request = requests.Join(key, call, found.ExpectedHeader, found.State != EntryState.StaleIfError, call.WaitLeft(timeProvider));
        var result = await EnterAsync(request, call, cancellationToken).ConfigureAwait(false);
        return result.InFlightLoad is { } load ? await WaitAsync(load, call, call.LoadsBefore, cancellationToken).ConfigureAwait(false)
            : result.Status == LeaseStatus.Changed ? null
            : result.Status == LeaseStatus.Cooling && found.State == EntryState.StaleIfError ? found.Response
            : await LoadAsync(key, call, Fault.None, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Lets one caller in the cluster fill a stale entry. Null when another caller does it. Exceptions of the source do not reach this
    /// caller.
    /// </summary>
    public async ValueTask<CachedResponse?> RefreshAsync(SourceCall call, ReadResult found, CancellationToken cancellationToken)
    {
        if (pause.IsOn || call.IsInside(loads.Cache, found.Key))
        {
            return null;
        }

        var request = requests.Join(found.Key, call, found.ExpectedHeader, overridesCoolDown: false, TimeSpan.Zero);
        var result = await EnterAsync(request, call, cancellationToken).ConfigureAwait(false);
        if (result.InFlightLoad is not { } load)
        {
            return null;
        }

        if (!ReferenceEquals(load.Call, call))
        {
            load.Leave();
            return null;
        }

        return await WaitAsync(load, call, load.Number, cancellationToken).ConfigureAwait(false);
    }

    // Without a lease: served, and not stored.
    private ValueTask<CachedResponse?> LoadAsync(string key, SourceCall call, Fault fault, CancellationToken cancellationToken)
    {
        call.MissStore();

        // A process that is cut off cannot hear of other processes' invalidations anyway: any load under way will do.
        var after = fault == Fault.CircuitOpen ? 0 : call.LoadsBefore;
        return WaitAsync(loads.JoinLaterOrStart(key, call, after), call, call.LoadsBefore, cancellationToken);
    }

    private async ValueTask<LeaseRequestResult> EnterAsync(
        PendingLeaseRequest request, SourceCall call, CancellationToken cancellationToken)
    {
        try
        {
            // To ask the store takes the store's time. What it then waits for, here or elsewhere, is what others do.
            await Task.WhenAny(request.Decided, request.Waits).WaitAsync(cancellationToken).ConfigureAwait(false);
            var result = await InTimeAsync(request.Decided, call, cancellationToken).ConfigureAwait(false)
                ? await request.Decided.ConfigureAwait(false)
                : default;
            call.BeginAnew(request.Decided.IsCompleted ? request.Since : timeProvider.GetTimestamp());
            return result.InFlightLoad is { } load && !load.TryJoin() ? result with { InFlightLoad = null } : result;
        }
        finally
        {
            request.Leave();
        }
    }

    /// <summary>
    /// Waits for a load. After the caller's time is over, a second load runs beside it, shared by all callers whose time is over, and the
    /// first answer counts.
    /// </summary>
    private async ValueTask<CachedResponse?> WaitAsync(InFlightLoad load, SourceCall call, long number, CancellationToken cancellationToken)
    {
        var joined = new List<InFlightLoad>(1) { load };
        try
        {
            if (load.Time.Share(call.Since))
            {
                _ = HurryAsync(load, call.Since);
            }

            for (var newest = load; ;)
            {
                if (call.IsNested)
                {
                    newest.AwaitInside();
                }

                var ended = joined.Count == 1 ? newest.Landed : Task.WhenAny(joined.Select(static one => one.Landed));
                if (ReferenceEquals(newest.Call, call))
                {
                    await ended.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    cancellationToken.ThrowIfCancellationRequested();
                }

                if (ended.IsCompleted || await InTimeAsync(ended, call, cancellationToken).ConfigureAwait(false))
                {
                    return await joined.First(static one => one.Landed.IsCompleted).TakeAsync(call).ConfigureAwait(false);
                }

                newest = call.IsNested
                    ? loads.StartAlone(load.Key, call)
                    : loads.JoinLaterOrStart(load.Key, call, Math.Max(number, newest.Number));
                joined.Add(newest);
                call.WaitAnew(timeProvider);
            }
        }
        finally
        {
            joined.ForEach(static one => one.Leave());
        }
    }

    /// <summary>Whether something that others do ends within the time that the caller has for that.</summary>
    private async ValueTask<bool> InTimeAsync(Task others, SourceCall call, CancellationToken cancellationToken)
    {
        if (!others.IsCompleted)
        {
            call.Waits();
            var left = call.WaitLeft(timeProvider);
            await (left > TimeSpan.Zero ? others.WaitAsync(left, timeProvider, cancellationToken) : Task.CompletedTask).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return others.IsCompleted;
    }

    // Asks what the load asks, within the time of one who has less: where that is not enough, the load goes on without it.
    private async Task HurryAsync(InFlightLoad load, long since)
    {
        if (await tags.BeginAsync(load.Call.Options.Tags, since).ConfigureAwait(false) is null)
        {
            load.Time.Spend();
        }
    }
}
