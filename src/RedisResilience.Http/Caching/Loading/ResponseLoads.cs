using System.Diagnostics.CodeAnalysis;
using RedisResilience.Caching;
using RedisResilience.Http.Caching.Entries;
using RedisResilience.Http.Caching.Reuse;
using RedisResilience.Http.Caching.Serving;

namespace RedisResilience.Http.Caching.Loading;

/// <summary>Sends one request to an origin for all callers in the cluster who want the same response.</summary>
internal sealed class ResponseLoads(IResponseCache cache, ResponseLookup lookup, HttpCacheOrigin origin)
{
    private static readonly TimeSpan Ever = TimeSpan.FromDays(365);

    /// <summary>Returns the response that this or another request has fetched. Null when this request may not be given one.</summary>
    /// <exception cref="SourceOverloadedException">This process has too many requests under way.</exception>
    public async Task<HttpResponseMessage?> LoadAsync(CacheCall call, FoundResponse found, CancellationToken cancellationToken)
    {
        var load = new OriginLoad(origin, call, found, isDetached: false);
        if (found.IsHeld)
        {
            // The stored response does not answer this request, or the application wants to replace it. It is never put back, because
            // that could undo a removal.
            await cache.RemoveAsync(found.Key, cancellationToken).ConfigureAwait(false);
        }

        var options = Options(call, found) with { StaleIfError = load.MayServeStale ? Ever : TimeSpan.Zero };
        var creating = cache.GetOrCreateAsync(
            found.Key, options, load, static (load, token) => load.AskAsync(token), cancellationToken).AsTask();
        await Task.WhenAny(creating, load.Live).ConfigureAwait(false);
        if (load.Take() is { } live)
        {
            _ = DropAsync(creating);
            return await live.ConfigureAwait(false);
        }

        try
        {
            return Serve(call, found, load, await creating.ConfigureAwait(false));
        }
        catch (Exception) when (found.IsHeld && load.MayServeStale && !cancellationToken.IsCancellationRequested)
        {
            return ServedResponse.Of(found.Detached(), call, CacheStatus.StaleIfError(found.Left));
        }
    }

    /// <summary>Refreshes a stale response in the background, with one request in the cluster.</summary>
    public void RefreshInBackground(CacheCall call, FoundResponse found)
    {
        var load = new OriginLoad(origin, call, found, isDetached: true);
        var options = Options(call, found) with { StaleWhileRevalidate = Ever, StaleIfError = Ever };
        _ = DropAsync(cache.GetOrCreateAsync(
            found.Key, options, load, static (load, token) => load.AskAsync(token), CancellationToken.None).AsTask());
    }

    private HttpResponseMessage? Serve(CacheCall call, FoundResponse found, OriginLoad load, CachedResponse cached)
    {
        var (outcome, isStale) = (cached.Outcome, cached.IsStale);
        var brought = lookup.Open(found.Key, cached);
        if (brought.Response is not { } response || response.Selecting != call.Selecting(response.VaryNames)
            || (outcome == CacheOutcome.Hit && ReuseRules.Judge(brought, call) == ReuseDecision.Ask))
        {
            brought.Dispose();
            return null;
        }

        return ServedResponse.Of(
            brought,
            call,
            isStale ? CacheStatus.StaleIfError(brought.Left)
            : outcome == CacheOutcome.Hit ? CacheStatus.Hit(brought.Left)
            : outcome == CacheOutcome.Created && load.CacheStatus is { } status ? status
            : CacheStatus.Collapsed(found.Response is not null));
    }

    private static CacheEntryOptions Options(CacheCall call, FoundResponse found) =>
        new(Ever) { Tags = call.Tags, SkipRedis = found.IsUnavailable };

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Nobody waits for this: whoever waited for "
        + "the response itself has it.")]
    private static async Task DropAsync(Task<CachedResponse> creating)
    {
        try
        {
            (await creating.ConfigureAwait(false)).Dispose();
        }
        catch (Exception)
        {
            // The caller who has the response gets the exception from its body.
        }
    }
}
