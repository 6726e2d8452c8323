using RedisResilience.Http.Caching.Entries;

namespace RedisResilience.Http.Caching.Loading;

/// <summary>Makes the request that asks an origin on behalf of all who wait: the first one's, with the validators of what is
/// stored.</summary>
internal static class OriginRequest
{
    private static readonly string[] Conditions =
        ["If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since", "If-Range"];

    /// <param name="call">The first one's.</param>
    /// <param name="stored">What is stored; null when there is nothing.</param>
    /// <param name="mayServeStale">Whether that may be served instead: then no permit is waited for.</param>
    public static HttpRequestMessage Of(CacheCall call, StoredResponse? stored, bool mayServeStale)
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

        if (mayServeStale && !request.Options.TryGetValue(HttpLimitRequest.MaximumWait, out _))
        {
            request.Options.Set(HttpLimitRequest.MaximumWait, TimeSpan.Zero);
        }

        if (stored is not null)
        {
            Ask(request, stored);
        }

        return request;
    }

    // Nothing is left of what the caller asks about a response of its own: the answer would be taken for one about what is stored.
    private static void Ask(HttpRequestMessage request, StoredResponse stored)
    {
        foreach (var condition in Conditions)
        {
            request.Headers.Remove(condition);
        }

        foreach (var (condition, validator) in new[] { ("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified") })
        {
            if (stored.First(validator) is { } value)
            {
                request.Headers.TryAddWithoutValidation(condition, value);
            }
        }
    }
}
