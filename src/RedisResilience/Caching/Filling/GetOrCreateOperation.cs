using System.Diagnostics.CodeAnalysis;
using RedisResilience.Caching.Reading;
using RedisResilience.Caching.Stores;

namespace RedisResilience.Caching.Filling;

/// <summary>One get-or-create that has not found a fresh entry at once.</summary>
internal sealed class GetOrCreateOperation(ResponseCacheParts parts, CachedReads reads, SourceCall call)
{
    // An entry may change each time it is looked at; then the source is asked without further ado.
    private const int MaximumRounds = 8;

    public async ValueTask<CachedResponse> RunAsync(string key, ReadResult found, CancellationToken cancellationToken)
    {
        for (var round = 1; ; round++)
        {
            if (found.IsServable)
            {
                return await ServeAsync(key, found, cancellationToken).ConfigureAwait(false);
            }

            if (round == MaximumRounds)
            {
                found = found with { State = EntryState.Unknown };
            }

            if (await FillAsync(found, cancellationToken).ConfigureAwait(false) is { } filled)
            {
                if (!call.Options.SkipRedis)
                {
                    ReadTelemetry.Record(
                        filled.IsStale ? "stale"
                        : found.State == EntryState.Unknown ? "unavailable"
                        : filled.Outcome == CacheOutcome.Collapsed ? "collapsed"
                        : "miss",
                        key);
                }

                return filled;
            }

            found = await reads.FindAsync(call.Read(key, cancellationToken) with { IsFollowUp = true }, call.Options).ConfigureAwait(false);
        }
    }

    private async ValueTask<CachedResponse> ServeAsync(string key, ReadResult found, CancellationToken cancellationToken)
    {
        if (found.State != EntryState.Fresh)
        {
            if (call.Options.RefreshInForeground)
            {
                if (await RefreshAsync(found, cancellationToken).ConfigureAwait(false) is { } refreshed)
                {
                    found.Response.Dispose();
                    ReadTelemetry.Record("miss", key);
                    return refreshed;
                }
            }
            else if (!parts.Filler.IsFilling(found.Key))
            {
                _ = RefreshInBackgroundAsync(found with { Response = default });
            }
        }

        ReadTelemetry.Record(found.Response.IsStale ? "stale" : "hit", key);
        return found.Response;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "There is a stale entry for exactly this: "
        + "what the source throws is caught here, and not told.")]
    private async ValueTask<CachedResponse?> FillAsync(ReadResult found, CancellationToken cancellationToken)
    {
        if (found.State != EntryState.StaleIfError)
        {
            return await parts.Filler.FillAsync(call, found, cancellationToken).ConfigureAwait(false);
        }

        var isServed = false;
        try
        {
            var filled = await parts.Filler.FillAsync(call, found, cancellationToken).ConfigureAwait(false);
            isServed = filled is { IsStale: true };
            return filled;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            isServed = true;
            return found.Response;
        }
        finally
        {
            if (!isServed)
            {
                found.Response.Dispose();
            }
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "As above.")]
    private async ValueTask<CachedResponse?> RefreshAsync(ReadResult found, CancellationToken cancellationToken)
    {
        try
        {
            return await parts.Filler.RefreshAsync(call, found, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task RefreshInBackgroundAsync(ReadResult found)
    {
        // Off the caller's way, even where the source answers at once.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        call.BeginAnew(parts.TimeProvider.GetTimestamp());
        (await RefreshAsync(found, CancellationToken.None).ConfigureAwait(false))?.Dispose();
    }
}
