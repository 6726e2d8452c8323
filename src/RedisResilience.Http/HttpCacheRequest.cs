namespace RedisResilience.Http;

/// <summary>What one request may say to the cache: <c>request.Options.Set(HttpCacheRequest.Skip, true)</c>.</summary>
public static class HttpCacheRequest
{
    /// <summary>Nothing is read from the cache and nothing stored.</summary>
    public static readonly HttpRequestOptionsKey<bool> Skip = new("RedisResilience.Cache.Skip");

    /// <summary>The other side is asked even if there is a fresh response, which the new one replaces: as <c>Cache-Control: no-cache</c>,
    /// and not sent on.</summary>
    public static readonly HttpRequestOptionsKey<bool> Refresh = new("RedisResilience.Cache.Refresh");

    /// <summary>A key in the place of the URI. It stands readable in Redis, behind the client's name: <c>http:quotes:{key}</c>.</summary>
    public static readonly HttpRequestOptionsKey<string> Key = new("RedisResilience.Cache.Key");

    /// <summary>Tags of the response, by which <see cref="RedisResilience.Caching.IResponseCache.RemoveByTagAsync"/> removes it.</summary>
    public static readonly HttpRequestOptionsKey<IReadOnlyList<string>> Tags = new("RedisResilience.Cache.Tags");
}
