using RedisResilience.Caching.Invalidation;
using RedisResilience.Caching.Stores;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Filling;

/// <summary>Fills a missing entry: joins the load that is under way somewhere, or begins one.</summary>
internal sealed class Filler(InFlightLoads flights, LeaseRequests contests, TagStamps tags, WritePause pause)
{
    /// <summary>To be noted when a call begins.</summary>
    public long Number => flights.Number;

    /// <summary>Whether a load of the key is under way in this process.</summary>
    public bool IsFilling(string key) => flights.IsUnderWay(key);

    public void Forget(string key) => flights.Forget(key);

    /// <summary>What the source gives; or null when there is something else to read now.</summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="call">How this caller asks the source.</param>
    /// <param name="found">What it has read.</param>
    /// <param name="number">What it noted when it began.</param>
    /// <param name="cancellationToken">Ends its wait.</param>
    public async ValueTask<CachedResponse?> FillAsync(string key, SourceCall call, ReadResult found, long number, CancellationToken cancellationToken)
    {
        if (flights.JoinLater(key, number) is { } joined)
        {
            return await WaitAsync(joined, call, cancellationToken).ConfigureAwait(false);
        }

        if (found.State == EntryState.Unknown || pause.IsOn)
        {
            return await LoadAsync(key, call, found.Fault, number, cancellationToken).ConfigureAwait(false);
        }

        var contest = contests.Join(key, call, found.ExpectedHeader, found.State != EntryState.StaleIfError, call.Options.MaximumFillWait);
        var result = await EnterAsync(contest, call, cancellationToken).ConfigureAwait(false);
        return result.InFlightLoad is { } flight ? await WaitAsync(flight, call, cancellationToken).ConfigureAwait(false)
            : result.Status == LeaseStatus.Changed ? null
            : result.Status == LeaseStatus.Cooling && found.State == EntryState.StaleIfError ? found.Response
            : await LoadAsync(key, call, Fault.None, number, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Has a stale entry filled by one caller in the cluster. Null when that is somebody else; whatever the source throws is not this caller's business.</summary>
    public async ValueTask<CachedResponse?> RefreshAsync(string key, SourceCall call, ReadResult found, CancellationToken cancellationToken)
    {
        if (pause.IsOn)
        {
            return null;
        }

        var contest = contests.Join(key, call, found.ExpectedHeader, overridesCoolDown: false, TimeSpan.Zero);
        var result = await EnterAsync(contest, call, cancellationToken).ConfigureAwait(false);
        if (result.InFlightLoad is not { } flight)
        {
            return null;
        }

        if (!ReferenceEquals(flight.Call, call))
        {
            flight.Leave();
            return null;
        }

        return await WaitAsync(flight, call, cancellationToken).ConfigureAwait(false);
    }

    // Without a lease: served, and not stored.
    private ValueTask<CachedResponse?> LoadAsync(string key, SourceCall call, Fault fault, long number, CancellationToken cancellationToken)
    {
        // A process that is cut off cannot hear of other processes' invalidations anyway: any load under way will do.
        var since = fault == Fault.CircuitOpen ? 0 : number;
        return WaitAsync(flights.JoinLaterOrStart(key, call, since), call, cancellationToken);
    }

    private static async ValueTask<LeaseRequestResult> EnterAsync(PendingLeaseRequest contest, SourceCall call, CancellationToken cancellationToken)
    {
        try
        {
            var result = await contest.Decided.WaitAsync(cancellationToken).ConfigureAwait(false);
            call.BeginAnew(contest.Since);
            return result.InFlightLoad is { } flight && !flight.TryJoin() ? result with { InFlightLoad = null } : result;
        }
        finally
        {
            contest.Leave();
        }
    }

    private async ValueTask<CachedResponse?> WaitAsync(InFlightLoad flight, SourceCall call, CancellationToken cancellationToken)
    {
        try
        {
            if (flight.Time.Share(call.Since))
            {
                _ = HurryAsync(flight, call.Since);
            }

            return await flight.WaitAsync(call, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            flight.Leave();
        }
    }

    // Asks what the load asks, within the time of one who has less: where that is not enough, the load goes on without it.
    private async Task HurryAsync(InFlightLoad flight, long since)
    {
        if (await tags.BeginAsync(flight.Call.Options.Tags, since).ConfigureAwait(false) is null)
        {
            flight.Time.Spend();
        }
    }
}
