using RedisResilience.Http.Caching.Keys;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Caching;

/// <summary>A request that the cache may answer, with its directives and its key.</summary>
internal sealed class CacheCall
{
    private CacheCall(HttpRequestMessage request, HttpCacheOptions options, string key)
    {
        (Request, Options, Key) = (request, options, key);
        Control = CacheControl.Parse(request.Headers.Lines("Cache-Control"));
        Replaces = request.Options.TryGetValue(HttpCacheRequest.Refresh, out var refresh) && refresh;
        IsRefresh = Control.NoCache || Replaces
            || (!Control.HasDirectives && CacheControl.Parse(request.Headers.Lines("Pragma")).NoCache);
        Tags = request.Options.TryGetValue(HttpCacheRequest.Tags, out var tags) ? tags : [];
    }

    public HttpRequestMessage Request { get; }

    public HttpCacheOptions Options { get; }

    public string Key { get; }

    /// <summary>The request's directives.</summary>
    public CacheControl Control { get; }

    /// <summary>Whether the request accepts no stored response without revalidation.</summary>
    public bool IsRefresh { get; }

    /// <summary>Whether the application wants to replace the stored response.</summary>
    public bool Replaces { get; }

    public IReadOnlyList<string> Tags { get; }

    public bool IsHead => Request.Method == HttpMethod.Head;

    public bool HasRange => Request.Headers.Has("Range");

    public bool HasCredentials => Request.Headers.Has("Authorization") || Request.Headers.Has("Cookie");

    /// <summary>Makes the call of a request. Null for a request that the cache does not answer.</summary>
    public static CacheCall? Of(HttpRequestMessage request, string client, HttpCacheOptions options, RecentKeys recent) =>
        (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head)
            && request.Content is null
            && !request.Headers.Has("Upgrade")
        && !(request.Options.TryGetValue(HttpCacheRequest.Skip, out var skip) && skip)
        && KeyOf(request, client, options, recent) is { } key
            ? new CacheCall(request, options, key)
            : null;

    // A key that the request names, and the key of a user, depend on more than the URI.
    private static string? KeyOf(HttpRequestMessage request, string client, HttpCacheOptions options, RecentKeys recent)
    {
        if (options.IsPrivate
            || request.RequestUri is not { IsAbsoluteUri: true, AbsoluteUri: var uri }
            || request.Options.TryGetValue(HttpCacheRequest.Key, out _))
        {
            return RequestKey.Of(request, client, options);
        }

        if (recent.Find(uri) is { } known)
        {
            return known;
        }

        if (RequestKey.Of(request, client, options) is not { } key)
        {
            return null;
        }

        recent.Add(uri, key);
        return key;
    }

    /// <summary>A hash of the request's fields that a response varies by.</summary>
    public UInt128 Selecting(IReadOnlyList<string> names) => names.Count == 0 ? 0 : SelectingFields.Hash(Request.Headers, names);

    /// <summary>The key of another variant of the same URI.</summary>
    public string VariantKey(UInt128 selecting) => RequestKey.Beside(Key, (int)(selecting % (UInt128)Options.MaximumVariants));
}
