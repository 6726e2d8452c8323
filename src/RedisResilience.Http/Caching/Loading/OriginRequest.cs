using RedisResilience.Http.Caching.Entries;

namespace RedisResilience.Http.Caching.Loading;

/// <summary>Makes the request that is sent for all waiting callers: that of the first caller, with the validators of the stored response.
/// </summary>
internal static class OriginRequest
{
    private static readonly string[] Conditions =
        ["If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since", "If-Range"];

    /// <param name="call">The call of the first caller.</param>
    /// <param name="stored">The stored response. Null when there is none.</param>
    /// <param name="mayServeStale">Whether it may be served instead. The request then does not wait for a permit.</param>
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

    // The caller's own conditions are removed: the answer to them would be taken for an answer about the stored response.
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
