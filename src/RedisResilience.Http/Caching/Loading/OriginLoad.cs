using System.Net;
using RedisResilience.Caching;
using RedisResilience.Http.Caching.Entries;
using RedisResilience.Http.Caching.Reuse;
using RedisResilience.Http.Caching.Serving;
using RedisResilience.Http.Caching.Storing;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Caching.Loading;

/// <summary>
/// One question to an origin, asked under the right to fill an entry. Whoever asked first has the response as soon as its fields are there,
/// and reads the body as it comes; the others, and the cache, have it when it is whole.
/// </summary>
internal sealed class OriginLoad
{
    private readonly TaskCompletionSource<HttpResponseMessage> _live = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CacheCall _call;
    private readonly FoundResponse _found;
    private readonly StoredResponse? _stored;
    private readonly HttpRequestMessage _request;
    private readonly HttpCacheOrigin _origin;

    /// <param name="origin">Who sends.</param>
    /// <param name="call">The request.</param>
    /// <param name="found">What is stored.</param>
    /// <param name="isDetached">Whether nobody waits for the response itself.</param>
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

    /// <summary>Whether what is stored may be served when the origin fails.</summary>
    public bool MayServeStale { get; }

    /// <summary>The response itself, if this load is the one that asks and the response is not made of what is stored.</summary>
    public Task Live => _live.Task;

    /// <summary>What became of it, for <c>Cache-Status</c>; null when another load has asked.</summary>
    public string? CacheStatus { get; private set; }

    /// <summary>The response itself, if it is there; else nobody waits for it any more.</summary>
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

    /// <summary>Gives the response to whoever asked, if he still waits.</summary>
    public bool PassOn(HttpResponseMessage response, string cacheStatus)
    {
        Serving.CacheStatus.Add(response, cacheStatus);
        return _live.TrySetResult(response);
    }

    /// <summary>Gives the response to whoever asked, and to nobody else.</summary>
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
