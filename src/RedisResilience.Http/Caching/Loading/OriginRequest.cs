using RedisResilience.Http.Caching.Entries;

namespace RedisResilience.Http.Caching.Loading;

/// <summary>Makes the request that asks an origin on behalf of all who wait: the first one's, with the validators of what is
/// stored.</summary>
internal static class OriginRequest
{
    /// <param name="call">The first one's.</param>
    /// <param name="stored">What is stored; null when there is nothing.</param>
    /// <param name="isSpare">Whether that may be served instead: then no permit is waited for.</param>
    public static HttpRequestMessage Of(CacheCall call, StoredResponse? stored, bool isSpare)
    {
        var original = call.Request;
        var request = new HttpRequestMessage(HttpMethod.Get, original.RequestUri)
        {
            Version = original.Version,
            VersionPolicy = original.VersionPolicy,
        };
        foreach (var (name, lines) in original.Headers.NonValidated)
        {
            request.Headers.TryAddWithoutValidation(name, lines);
        }

        foreach (var (name, value) in (IDictionary<string, object?>)original.Options)
        {
            ((IDictionary<string, object?>)request.Options)[name] = value;
        }

        if (isSpare && !request.Options.TryGetValue(HttpLimitRequest.MaximumWait, out _))
        {
            request.Options.Set(HttpLimitRequest.MaximumWait, TimeSpan.Zero);
        }

        Replace(request, "If-None-Match", stored?.First("ETag"));
        Replace(request, "If-Modified-Since", stored?.First("Last-Modified"));
        return request;
    }

    private static void Replace(HttpRequestMessage request, string name, string? value)
    {
        if (value is not null)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
