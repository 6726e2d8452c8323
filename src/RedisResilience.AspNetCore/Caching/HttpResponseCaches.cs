using System.Collections.Concurrent;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>The response caches of the endpoints: one for those that name no Redis, and one for each Redis that is named.</summary>
internal sealed class HttpResponseCaches(Func<string?, HttpResponseCache> make)
{
    private readonly HttpResponseCache _standard = make(null);
    private readonly ConcurrentDictionary<string, HttpResponseCache> _named = new(StringComparer.Ordinal);

    public HttpResponseCache Of(CachedEndpoint? endpoint) =>
        endpoint?.Entry.Redis is { } name ? _named.GetOrAdd(name, make) : _standard;
}
