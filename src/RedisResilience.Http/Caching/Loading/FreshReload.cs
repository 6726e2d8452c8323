using System.Net;
using RedisResilience.Caching;
using RedisResilience.Http.Caching.Entries;
using RedisResilience.Http.Caching.Reuse;
using RedisResilience.Http.Caching.Serving;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Caching.Loading;

/// <summary>Asks an origin for one request that does not accept the stored response, although that is fresh.</summary>
/// <remarks>The stored response stays until there is a newer one. It is never put back, because that could undo a removal. The origin's
/// answer is for this request, and the next request stores a new one.</remarks>
internal sealed class FreshReload(IResponseCache cache, HttpCacheOrigin origin)
{
    public async Task<HttpResponseMessage> AskAsync(CacheCall call, FoundResponse found, CancellationToken cancellationToken)
    {
        var (stored, mayServeStale, sentAt) = (found.Response!, ReuseRules.MayServeStale(found, call), origin.Now);
        var request = OriginRequest.Of(call, stored, mayServeStale);
        HttpResponseMessage response;
        try
        {
            response = await origin.SendAsync(
                request, mayServeStale ? call.Options.StaleAfter : null, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (mayServeStale && !cancellationToken.IsCancellationRequested)
        {
            return Stale(call, found);
        }

        if (response.StatusCode == HttpStatusCode.NotModified)
        {
            using (response)
            {
                var (confirmed, refusal) = Confirmation.Of(call, stored, response, sentAt, origin.Now);
                await RemoveAsync(found, isOutdated: refusal is not null).ConfigureAwait(false);
                return ServedResponse.Of(found.Confirmed(confirmed), call, CacheStatus.Passed(found));
            }
        }

        if (mayServeStale && (StatusRules.IsFailedAnswer((int)response.StatusCode)
            || !await BeginsWellAsync(call, response, cancellationToken).ConfigureAwait(false)))
        {
            response.Dispose();
            return Stale(call, found);
        }

        await RemoveAsync(found, isOutdated: !StatusRules.IsFailedAnswer((int)response.StatusCode)).ConfigureAwait(false);
        response.RequestMessage = request.RequestUri == call.Request.RequestUri ? call.Request : request;
        CacheStatus.Add(response, CacheStatus.Passed(found));
        return response;
    }

    // A body that breaks off is a failure like others, as long as no caller has seen its beginning.
    private async ValueTask<bool> BeginsWellAsync(CacheCall call, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var capture = await BodyCapture.BeginAsync(
            response, call.Options, origin, readsOnFor: TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        var breaksOff = await capture.BreaksOffAsync(call.Options.StaleAfter).ConfigureAwait(false);
        capture.HandOver();
        return !breaksOff;
    }

    private static HttpResponseMessage Stale(CacheCall call, FoundResponse found) =>
        ServedResponse.Of(found.Detached(), call, CacheStatus.StaleIfError(found.Left));

    private async ValueTask RemoveAsync(FoundResponse found, bool isOutdated)
    {
        if (isOutdated)
        {
            await cache.RemoveAsync(found.Key, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
