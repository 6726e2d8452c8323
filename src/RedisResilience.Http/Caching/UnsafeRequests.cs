using RedisResilience.Caching;
using RedisResilience.Http.Caching.Entries;
using RedisResilience.Http.Caching.Keys;
using RedisResilience.Http.Caching.Serving;

namespace RedisResilience.Http.Caching;

/// <summary>Sends requests that the cache does not answer, and removes the responses that they make outdated (RFC 9111, sections 4.3.5
/// and 4.4).</summary>
internal sealed class UnsafeRequests(IResponseCache cache, string client, HttpCacheOptions options)
{
    private static readonly HashSet<string> Safe = new(
        StringComparer.OrdinalIgnoreCase) { "GET", "HEAD", "OPTIONS", "TRACE", "QUERY", "PROPFIND", "REPORT", "SEARCH" };

    /// <summary>
    /// Sends a request. If its method may change something, the stored responses of its URI are removed, and those of the URIs that the
    /// response names on the same authority. They are also removed when the response got lost, because the request may have had its effect.
    /// </summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, HttpCacheOrigin origin, CancellationToken cancellationToken)
    {
        var own = Safe.Contains(request.Method.Method) ? [] : OwnKeys(request);
        HttpResponseMessage response;
        try
        {
            response = await origin.SendAsync(request, patience: null, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (own.Count > 0)
        {
            await RemoveAsync(own).ConfigureAwait(false);
            throw;
        }

        if (own.Count > 0 && (int)response.StatusCode is >= 200 and < 400)
        {
            AddNamed(own, request, response);
            await RemoveAsync(own).ConfigureAwait(false);
        }

        var isOfMethod = request.Method != HttpMethod.Get && request.Method != HttpMethod.Head;
        CacheStatus.Add(response, isOfMethod ? CacheStatus.Method : CacheStatus.Bypassed);
        return response;
    }

    /// <summary>Removes the stored response if a response to <c>HEAD</c> shows that it is outdated.</summary>
    public async Task<HttpResponseMessage> CompareAsync(CacheCall call, FoundResponse found, HttpResponseMessage response)
    {
        if (call.IsHead && response.IsSuccessStatusCode && found.Response is { } stored
            && (Differs("ETag")
                || Differs("Last-Modified")
                || (response.Content.Headers.ContentLength is { } length && length != stored.Body.Length)))
        {
            await cache.RemoveAsync(found.Key, CancellationToken.None).ConfigureAwait(false);
        }

        return response;

        bool Differs(string name) => response.Lines(name).FirstOrDefault() is { } value && value != stored.First(name);
    }

    // The cache remembers a removal that Redis has not acknowledged. This process removes the entry before it reads it again.
    private Task<bool[]> RemoveAsync(HashSet<string> keys) =>
        Task.WhenAll(keys.Select(key => cache.RemoveAsync(key, CancellationToken.None).AsTask()));

    // Other requests of the same URI may have no key of their own.
    private HashSet<string> OwnKeys(HttpRequestMessage request)
    {
        var keys = new HashSet<string>();
        if (RequestKey.Of(request, client, options) is { } own)
        {
            keys.Add(own);
            keys.Add(RequestKey.Of(request, request.RequestUri!, client, options) ?? own);
        }

        return keys;
    }

    private void AddNamed(HashSet<string> keys, HttpRequestMessage request, HttpResponseMessage response)
    {
        foreach (var line in response.Lines("Location").Concat(response.Lines("Content-Location")))
        {
            if (Uri.TryCreate(request.RequestUri, line, out var uri)
                && IsOfSameOrigin(uri, request.RequestUri!)
                && RequestKey.Of(request, uri, client, options) is { } key)
            {
                keys.Add(key);
            }
        }
    }

    private static bool IsOfSameOrigin(Uri uri, Uri other) =>
        uri.Scheme == other.Scheme && uri.Port == other.Port && uri.IdnHost == other.IdnHost;
}
