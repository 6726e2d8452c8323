using System.Net;
using RedisResilience.Caching;
using RedisResilience.Http.Caching.Entries;
using RedisResilience.Http.Caching.Keys;
using RedisResilience.Http.Caching.Loading;
using RedisResilience.Http.Caching.Reuse;
using RedisResilience.Http.Caching.Serving;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Caching;

/// <summary>A response cache by RFC 9111, as a handler of <c>HttpClient</c>.</summary>
internal sealed class HttpCacheHandler : DelegatingHandler
{
    // How long a request waits for requests of others before it is sent.
    private static readonly TimeSpan MaximumWait = TimeSpan.FromSeconds(2);

    private readonly string _client;
    private readonly TimeProvider _timeProvider;
    private readonly HttpCacheOptions _options;
    private readonly ResponseLookup _lookup;
    private readonly HttpCacheOrigin _origin;
    private readonly ResponseLoads _loads;
    private readonly FreshReload _reload;
    private readonly UnsafeRequests _unsafe;
    private readonly RecentKeys _recent = new();

    /// <param name="client">The client's name, which is a part of all its keys.</param>
    /// <param name="options">The options.</param>
    /// <param name="cache">The cache that stores the responses.</param>
    /// <param name="timeProvider">The clock.</param>
    public HttpCacheHandler(string client, HttpCacheOptions options, IResponseCache cache, TimeProvider timeProvider)
    {
        (_client, _options, _timeProvider) = (Uri.EscapeDataString(client), options, timeProvider);
        _lookup = new ResponseLookup(cache, timeProvider);
        _origin = new HttpCacheOrigin(cache, timeProvider, base.SendAsync);
        _loads = new ResponseLoads(cache, _lookup, _origin);
        _reload = new FreshReload(cache, _origin);
        _unsafe = new UnsafeRequests(cache, _client, options);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        CacheCall.Of(request, _client, _options, _recent) is not { } call ? _unsafe.SendAsync(request, _origin, cancellationToken)
        : call.Control.NoStore ? PassAsync(call, CacheStatus.Bypassed, cancellationToken)
        : _origin.Passing.IsEmpty(call.Key) && call is { IsHead: false, HasRange: false, Control.OnlyIfCached: false }
            ? AskAloneAsync(call, new FoundResponse(call.Key, 0, []), cancellationToken)
        : AnswerAsync(call, startedAt: null, cancellationToken);

    /// <summary>Goes through the cache like the asynchronous method, so that synchronous requests remove outdated responses, too.</summary>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendAsync(request, cancellationToken).GetAwaiter().GetResult();

    private async Task<HttpResponseMessage> AnswerAsync(CacheCall call, long? startedAt, CancellationToken cancellationToken)
    {
        var found = await _lookup.FindAsync(call, cancellationToken).ConfigureAwait(false);
        switch (ReuseRules.Judge(found, call))
        {
            case ReuseDecision.Serve:
                return ServedResponse.Of(found, call, CacheStatus.Hit(found.Left));
            case ReuseDecision.ServeAndRefresh:
                _loads.RefreshInBackground(call, found);
                return ServedResponse.Of(found, call, CacheStatus.Hit(found.Left));
        }

        using (found)
        {
            return call.Control.OnlyIfCached ? NotCached(call)
                : call.IsHead || call.HasRange ? await _unsafe.CompareAsync(
                    call, found, await AskAloneAsync(call, found, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false)
                : _origin.Passing.Contains(found.Key) ? await AskAloneAsync(call, found, cancellationToken).ConfigureAwait(false)
                : found is { IsHeld: true, Response: not null } && !call.Replaces
                    ? await _reload.AskAsync(call, found, cancellationToken).ConfigureAwait(false)
                : await LoadAsync(call, found, startedAt, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<HttpResponseMessage> LoadAsync(
        CacheCall call, FoundResponse found, long? startedAt, CancellationToken cancellationToken)
    {
        var since = startedAt ?? _timeProvider.GetTimestamp();
        try
        {
            if (await _loads.LoadAsync(call, found, cancellationToken).ConfigureAwait(false) is { } response)
            {
                return response;
            }
        }
        catch (SourceOverloadedException)
        {
            return await AskAloneAsync(call, found, cancellationToken).ConfigureAwait(false);
        }

        // The request that this one waited for has broken off, or selects another variant: the crowd sends the next one.
        return _origin.Passing.Contains(found.Key) || _timeProvider.GetElapsedTime(since) >= MaximumWait
            ? await AskAloneAsync(call, found, cancellationToken).ConfigureAwait(false)
            : await AnswerAsync(call, since, cancellationToken).ConfigureAwait(false);
    }

    // The response is for this request only. The stored response may be served when the origin fails.
    private async Task<HttpResponseMessage> AskAloneAsync(CacheCall call, FoundResponse found, CancellationToken cancellationToken)
    {
        var (mayServeStale, sentAt) = (ReuseRules.MayServeStale(found, call), _origin.Now);
        try
        {
            var response = await _origin.SendAsync(
                call.Request, mayServeStale ? _options.StaleAfter : null, cancellationToken).ConfigureAwait(false);
            if (!mayServeStale || !StatusRules.IsFailure((int)response.StatusCode))
            {
                _origin.Look(call, found.Key, response, sentAt);
                CacheStatus.Add(response, CacheStatus.Passed(found));
                return response;
            }

            response.Dispose();
        }
        catch (Exception) when (mayServeStale && !cancellationToken.IsCancellationRequested)
        {
            // The stale response is served, as after an answer that is a failure.
        }

        return ServedResponse.Of(found.Detached(), call, CacheStatus.StaleIfError(found.Left));
    }

    private async Task<HttpResponseMessage> PassAsync(CacheCall call, string cacheStatus, CancellationToken cancellationToken)
    {
        var response = await _origin.SendAsync(call.Request, patience: null, cancellationToken).ConfigureAwait(false);
        CacheStatus.Add(response, cacheStatus);
        return response;
    }

    private static HttpResponseMessage NotCached(CacheCall call)
    {
        var response = new HttpResponseMessage(HttpStatusCode.GatewayTimeout)
        {
            RequestMessage = call.Request,
            Content = new ByteArrayContent([]),
        };
        CacheStatus.Add(response, CacheStatus.OnlyIfCached);
        return response;
    }
}
