using System.Diagnostics.CodeAnalysis;
using RedisResilience.Caching.Entries;
using RedisResilience.Caching.Invalidation;
using RedisResilience.Caching.Stores;
using RedisResilience.Diagnostics;

namespace RedisResilience.Caching.Filling;

/// <summary>Calls the source within the bound on loads, and stores the answer if the lease still stands.</summary>
internal sealed class LoadRunner(
    IEntryStore store, SourceGate gate, EntryComposer composer, TagStamps tags, LeaseRenewals renewals, LeaseReleases releases,
    WritePause pause, StoreTurns turns, TimeProvider timeProvider)
{
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever the source throws is what those "
        + "who wait are to see.")]
    public async Task RunAsync(InFlightLoad load)
    {
        var storing = default(ValueTask<bool>);
        try
        {
            storing = await LoadAsync(load).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Given back before those who wait hear of it, so that the next of them finds the way free; an overload is not the source's
            // failure.
            var coolDown = load.Call.Options.StaleIfError > TimeSpan.Zero
                && exception is not SourceOverloadedException
                && !load.Abandoned.IsCancellationRequested;
            await EnterStoreAsync(load).ConfigureAwait(false);
            await ReleaseAsync(load, coolDown ? load.Call.Options.ErrorCoolDown : TimeSpan.Zero).ConfigureAwait(false);
            load.Crash(exception);
        }

        if (await storing.ConfigureAwait(false))
        {
            load.Finish();
        }

        load.Call.LeaveStore();
        turns.Leave(load.HasTurn);
    }

    /// <returns>Whether the bytes have certainly left this process.</returns>
    private async Task<ValueTask<bool>> LoadAsync(InFlightLoad load)
    {
        using var renewal = renewals.Begin(load);

        // Before the source is asked: a tag that is removed meanwhile makes the entry void. And before its turn comes: a store that hangs
        // does not use up the source's bounds.
        load.Stamps = !load.Lease.Stands ? null
            : await load.Time.WithinAsync(tags.BeginAsync(load.Call.Options.Tags, load.Time.Since)).ConfigureAwait(false);
        var asked = timeProvider.GetTimestamp();
        var hasPermit = await gate.EnterAsync(load).ConfigureAwait(false);
        SourceResponse response;
        TimeSpan cost;
        try
        {
            var started = timeProvider.GetTimestamp();
            load.HasAsked = true;
            response = await load.Call.LoadAsync(this, load.Key, load.Abandoned).ConfigureAwait(false);
            cost = timeProvider.GetElapsedTime(started);
        }
        finally
        {
            gate.Leave(hasPermit);
        }

        // What the source has taken, and other keys of the same call, is not the store's.
        await EnterStoreAsync(load).ConfigureAwait(false);
        var since = load.Time.Since + (timeProvider.GetTimestamp() - asked);
        var (entry, isOutdated) = await ComposeAsync(load, response, cost, timeProvider.GetElapsedTime(asked), since).ConfigureAwait(false);
        var isSent = entry.IsStorable && !pause.IsOn;
        var storing = isSent ? StoreAsync(load, entry) : NotStoredAsync(load, entry);
        load.Land(new LoadResult(response, isSent, entry.FreshFor, isOutdated));
        return storing;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The source's answer is there and good: it "
        + "is served, whatever goes wrong with the entry that was to be made of it.")]
    private async ValueTask<(ComposedEntry Entry, bool? IsOutdated)> ComposeAsync(
        InFlightLoad load, SourceResponse response, TimeSpan cost, TimeSpan took, long since)
    {
        try
        {
            if (!load.Lease.Stands)
            {
                return (default, false);
            }

            load.HasTags = response.Tags is { Count: > 0 };

            // What is not to be stored leaves no trace of its tags either.
            var terms = EntryComposer.Terms(response, load.Call.Options);
            if (!terms.IsStorable || pause.IsOn || !composer.TryAdmit(load.Key, response, load.Call.Options, ref terms))
            {
                return (terms, null);
            }

            var stamps = await tags.EndAsync(load, response.Tags, took, terms.Life, since).ConfigureAwait(false);
            return stamps.Known is { } known
                ? (composer.Compose(load.Key, response, load.Call.Options, known, terms, cost), false)
                : (default, stamps.AreOutdated);
        }
        catch (Exception)
        {
            ResilienceMetrics.RecordWrite("not_storable");
            return default;
        }
    }

    private async ValueTask<bool> StoreAsync(InFlightLoad load, ComposedEntry entry)
    {
        var answer = await store.FillAsync(load.Key, load.Lease.Token, entry.Bytes, entry.Life).ConfigureAwait(false);
        pause.Observe(answer.Fault);
        ResilienceMetrics.RecordWrite(!answer.IsAnswered ? "unavailable" : answer.Value ? "stored" : "fenced");
        if (!answer.IsAnswered)
        {
            load.Call.MissStore();
            await ReleaseAsync(load, TimeSpan.Zero).ConfigureAwait(false);
        }

        return answer.IsAnswered;
    }

    private async ValueTask<bool> NotStoredAsync(InFlightLoad load, ComposedEntry entry)
    {
        if (entry.Refusal is not null || entry.IsStorable)
        {
            ResilienceMetrics.RecordWrite(entry.Refusal ?? "paused");
        }

        await ReleaseAsync(load, TimeSpan.Zero).ConfigureAwait(false);
        return true;
    }

    private async ValueTask EnterStoreAsync(InFlightLoad load)
    {
        await load.Call.EnterStoreAsync().ConfigureAwait(false);
        load.HasTurn |= load.Lease.Stands
            && load.Call.TakesTurns
            && !load.HasTurn
            && await turns.EnterAsync(load.Call.Options.MaximumFillWait).ConfigureAwait(false);
    }

    private async ValueTask ReleaseAsync(InFlightLoad load, TimeSpan coolDown)
    {
        if (load.Lease.Stands)
        {
            await releases.ReleaseAsync(load.Key, load.Lease.Token, load.Call.Options.LeaseTime, coolDown).ConfigureAwait(false);
        }
    }
}
