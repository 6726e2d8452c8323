using System.Net;
using RedisResilience.Caching;
using RedisResilience.Http.Caching.Entries;
using RedisResilience.Http.Caching.Reuse;
using RedisResilience.Http.Caching.Serving;
using RedisResilience.Http.Caching.Storing;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Caching.Loading;

/// <summary>
/// One request to an origin, sent by the holder of the right to fill an entry. The first caller gets the response as soon as its header
/// fields have come, and reads the body as it arrives. The other callers, and the cache, get it when the body is complete.
/// </summary>
internal sealed class OriginLoad
{
    private readonly TaskCompletionSource<HttpResponseMessage> _live = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CacheCall _call;
    private readonly FoundResponse _found;
    private readonly StoredResponse? _stored;
    private readonly HttpRequestMessage _request;
    private readonly HttpCacheOrigin _origin;

    /// <param name="origin">The origin.</param>
    /// <param name="call">The request.</param>
    /// <param name="found">The stored response, if there is one.</param>
    /// <param name="isDetached">Whether no caller waits for the response.</param>
    public OriginLoad(HttpCacheOrigin origin, CacheCall call, FoundResponse found, bool isDetached)
    {
        (_origin, _call, _found, _stored) = (origin, call, found, found.Response?.Detached());
        MayServeStale = ReuseRules.MayServeStale(found, call);
        _request = OriginRequest.Of(call, _stored, MayServeStale);
        if (isDetached)
        {
            _live.SetCanceled();
        }
    }

    /// <summary>Whether the stored response may be served when the origin fails.</summary>
    public bool MayServeStale { get; }

    /// <summary>The response, if this load has sent the request and the origin has not just confirmed the stored one.</summary>
    public Task Live => _live.Task;

    /// <summary>The value for <c>Cache-Status</c>. Null when another load has sent the request.</summary>
    public string? CacheStatus { get; private set; }

    /// <summary>Takes the response if it is there. Otherwise no caller waits for it from now on.</summary>
    public Task<HttpResponseMessage>? Take() => _live.TrySetCanceled() || _live.Task.IsCanceled ? null : _live.Task;

    public async ValueTask<SourceResponse> AskAsync(CancellationToken cancellationToken)
    {
        var sentAt = _origin.Now;
        var response = await _origin.SendAsync(
            _request, MayServeStale ? _call.Options.StaleAfter : null, cancellationToken).ConfigureAwait(false);
        var receivedAt = _origin.Now;
        if (_stored is { } stored && response.StatusCode == HttpStatusCode.NotModified)
        {
            using (response)
            {
                return Confirm(stored, response, sentAt, receivedAt);
            }
        }

        if (MayServeStale && StatusRules.IsFailedAnswer((int)response.StatusCode))
        {
            response.Dispose();
            throw new OriginFailedException($"The other side has answered {(int)response.StatusCode}.");
        }

        return await new StoringLoad(_call, _found, _request).StoreAsync(this, response, _origin, (sentAt, receivedAt), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Gives the response to the caller, if the caller still waits.</summary>
    public bool PassOn(HttpResponseMessage response, string cacheStatus)
    {
        Serving.CacheStatus.Add(response, cacheStatus);
        return _live.TrySetResult(response);
    }

    /// <summary>Gives the response to the caller, and to no one else.</summary>
    public void PassBy(HttpResponseMessage response, string why)
    {
        if (!PassOn(response, Serving.CacheStatus.NotStored(_stored is not null, why)))
        {
            response.Dispose();
        }
    }

    private SourceResponse Confirm(StoredResponse stored, HttpResponseMessage response, DateTimeOffset sentAt, DateTimeOffset receivedAt)
    {
        var (confirmed, refusal) = Confirmation.Of(_call, stored, response, sentAt, receivedAt);
        CacheStatus = refusal is null
            ? Serving.CacheStatus.Stored(true, (int)response.StatusCode)
            : Serving.CacheStatus.NotStored(true, refusal);
        return Composition.ToSource(confirmed, _call.Options) is not { } source ? SourceResponse.NotShared
            : refusal is null ? source
            : source with { TimeToLive = TimeSpan.Zero };
    }
}
