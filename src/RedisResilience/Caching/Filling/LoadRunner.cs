using System.Diagnostics.CodeAnalysis;
using RedisResilience.Caching.Entries;
using RedisResilience.Caching.Invalidation;
using RedisResilience.Caching.Stores;
using RedisResilience.Diagnostics;

namespace RedisResilience.Caching.Filling;

/// <summary>Asks the source, within the bound on loads, and stores what it gives if the lease still stands.</summary>
internal sealed class LoadRunner(
    IEntryStore store, SourceGate gate, EntryComposer composer, TagStamps tags, LeaseRenewals renewals, LeaseReleases releases, WritePause pause, TimeProvider timeProvider)
{
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever the source throws is what those who wait are to see.")]
    public async Task RunAsync(InFlightLoad flight)
    {
        var storing = default(ValueTask<bool>);
        try
        {
            storing = await LoadAsync(flight).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Given back before those who wait hear of it, so that the next of them finds the way free; an overload is not the source's failure.
            var coolDown = flight.Call.Options.StaleIfError > TimeSpan.Zero && exception is not SourceOverloadedException && !flight.Abandoned.IsCancellationRequested;
            await ReleaseAsync(flight, coolDown ? flight.Call.Options.ErrorCoolDown : TimeSpan.Zero).ConfigureAwait(false);
            flight.Crash(exception);
        }

        if (await storing.ConfigureAwait(false))
        {
            flight.Finish();
        }
    }

    /// <returns>Whether the bytes have certainly left this process.</returns>
    private async Task<ValueTask<bool>> LoadAsync(InFlightLoad flight)
    {
        using var renewal = renewals.Begin(flight);

        // Before the source is asked: a tag that is removed meanwhile makes the entry void. And before its turn comes: a store that hangs does not use up the source's bounds.
        var stamps = !flight.Lease.Stands ? null
            : await flight.Time.WithinAsync(tags.BeginAsync(flight.Call.Options.Tags, flight.Time.Since)).ConfigureAwait(false);
        var asked = timeProvider.GetTimestamp();
        await gate.EnterAsync(flight.Call, flight.Abandoned).ConfigureAwait(false);
        SourceResponse response;
        TimeSpan cost;
        try
        {
            var started = timeProvider.GetTimestamp();
            response = await flight.Call.LoadAsync(flight.Abandoned).ConfigureAwait(false);
            cost = timeProvider.GetElapsedTime(started);
        }
        finally
        {
            gate.Leave(flight.Call);
        }

        // What the source has taken is not the store's.
        var since = flight.Time.Since + (timeProvider.GetTimestamp() - asked);
        var entry = !flight.Lease.Stands ? default : await ComposeAsync(flight, response, stamps, cost, since).ConfigureAwait(false);
        var isSent = entry.IsStorable && !pause.IsOn;
        var storing = isSent ? StoreAsync(flight, entry) : NotStoredAsync(flight, entry);
        flight.Land(new LoadResult(response, isSent, entry.FreshFor));
        return storing;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The source's answer is there and good: it is served, whatever goes wrong with the entry that was to be made of it.")]
    private async ValueTask<ComposedEntry> ComposeAsync(InFlightLoad flight, SourceResponse response, EntryTag[]? stamps, TimeSpan cost, long since)
    {
        var all = await tags.EndAsync(stamps, response.Tags, flight.Lease.AcquiredAt, since).ConfigureAwait(false);
        try
        {
            return all is { } known ? composer.Compose(flight.Key, response, flight.Call.Options, known, cost) : default;
        }
        catch (Exception)
        {
            ResilienceMetrics.RecordWrite("not_storable");
            return default;
        }
    }

    private async ValueTask<bool> StoreAsync(InFlightLoad flight, ComposedEntry entry)
    {
        var answer = await store.FillAsync(flight.Key, flight.Lease.Token, entry.Bytes, entry.Life).ConfigureAwait(false);
        pause.Observe(answer.Fault);
        ResilienceMetrics.RecordWrite(!answer.IsAnswered ? "unanswered" : answer.Value ? "stored" : "fenced");
        if (!answer.IsAnswered)
        {
            await ReleaseAsync(flight, TimeSpan.Zero).ConfigureAwait(false);
        }

        return answer.IsAnswered;
    }

    private async ValueTask<bool> NotStoredAsync(InFlightLoad flight, ComposedEntry entry)
    {
        if (entry.Refusal is not null || entry.IsStorable)
        {
            ResilienceMetrics.RecordWrite(entry.Refusal ?? "paused");
        }

        await ReleaseAsync(flight, TimeSpan.Zero).ConfigureAwait(false);
        return true;
    }

    private async ValueTask ReleaseAsync(InFlightLoad flight, TimeSpan coolDown)
    {
        if (flight.Lease.Stands)
        {
            await releases.ReleaseAsync(flight.Key, flight.Lease.Token, flight.Call.Options.LeaseTime, coolDown).ConfigureAwait(false);
        }
    }
}
