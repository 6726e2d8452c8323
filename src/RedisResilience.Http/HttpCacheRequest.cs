namespace RedisResilience.Http;

/// <summary>Options of one request for the cache: <c>request.Options.Set(HttpCacheRequest.Skip, true)</c>.</summary>
public static class HttpCacheRequest
{
    /// <summary>The request neither reads from the cache nor stores in it.</summary>
    public static readonly HttpRequestOptionsKey<bool> Skip = new("RedisResilience.Cache.Skip");

    /// <summary>
    /// The cache asks the API even if there is a fresh response, and the new response replaces it. The API does not see this option.
    /// </summary>
    public static readonly HttpRequestOptionsKey<bool> Refresh = new("RedisResilience.Cache.Refresh");

    /// <summary>
    /// A key to use instead of the URI. Redis has it in readable form, after the client's name: <c>http:quotes:{key}</c>.
    /// </summary>
    public static readonly HttpRequestOptionsKey<string> Key = new("RedisResilience.Cache.Key");

    /// <summary>Tags of the response, by which <see cref="RedisResilience.Caching.IResponseCache.RemoveByTagAsync"/> removes it.</summary>
    public static readonly HttpRequestOptionsKey<IReadOnlyList<string>> Tags = new("RedisResilience.Cache.Tags");
}
