using RedisResilience.Http.Caching.Keys;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Caching;

/// <summary>A request as the cache sees it: what it asks for, and under which key that stands.</summary>
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

    /// <summary>Whether nothing stored will do that has not been asked about.</summary>
    public bool IsRefresh { get; }

    /// <summary>Whether the application wants what is stored to be replaced by what its origin says now.</summary>
    public bool Replaces { get; }

    public IReadOnlyList<string> Tags { get; }

    public bool IsHead => Request.Method == HttpMethod.Head;

    public bool HasRange => Request.Headers.Has("Range");

    public bool HasCredentials => Request.Headers.Has("Authorization") || Request.Headers.Has("Cookie");

    /// <summary>The call of a request that a cache may answer; null for one that passes by.</summary>
    public static CacheCall? Of(HttpRequestMessage request, string client, HttpCacheOptions options, RecentKeys recent) =>
        (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head)
            && request.Content is null
            && !request.Headers.Has("Upgrade")
        && !(request.Options.TryGetValue(HttpCacheRequest.Skip, out var skip) && skip)
        && KeyOf(request, client, options, recent) is { } key
            ? new CacheCall(request, options, key)
            : null;

    // A key of one's own, and one of a user, depend on more than the URI.
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

    /// <summary>A hash of what the request says in the fields that a response varies by.</summary>
    public UInt128 Selecting(IReadOnlyList<string> names) => names.Count == 0 ? 0 : SelectingFields.Hash(Request.Headers, names);

    /// <summary>A key beside this one's, for a response to requests that select another.</summary>
    public string VariantKey(UInt128 selecting) => RequestKey.Beside(Key, (int)(selecting % (UInt128)Options.MaximumVariants));
}
