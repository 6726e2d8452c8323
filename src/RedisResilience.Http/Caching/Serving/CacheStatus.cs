using System.Globalization;

namespace RedisResilience.Http.Caching.Serving;

/// <summary>The <c>Cache-Status</c> field (RFC 9211): what this cache did about a request.</summary>
internal static class CacheStatus
{
    public const string Bypassed = Name + "; fwd=bypass";

    /// <summary>Asked without a look into the cache, which cannot answer: nothing is stored, either.</summary>
    public const string Unavailable = Bypassed + "; detail=unavailable";

    public const string OnlyIfCached = Name + "; detail=only-if-cached";

    /// <summary>Asked, since requests of this method are never answered by a cache.</summary>
    public const string Method = Name + "; fwd=method";

    private const string Field = "Cache-Status";
    private const string Name = "RedisResilience";

    public static string Hit(TimeSpan left) =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}; hit; ttl={(long)Math.Floor(left.TotalSeconds)}");

    /// <summary>Served stale, since its origin has failed or has not answered.</summary>
    public static string StaleIfError(TimeSpan left) => $"{Hit(left)}; detail=stale-if-error";

    /// <summary>Asked, and its answer is stored.</summary>
    public static string Stored(bool isStale, int status) =>
        string.Create(CultureInfo.InvariantCulture, $"{Forwarded(isStale)}; fwd-status={status}; stored");

    /// <summary>Asked, and its answer will be stored if its body, whose length nobody has said, is small enough.</summary>
    public static string Streaming(bool isStale, int status) =>
        string.Create(CultureInfo.InvariantCulture, $"{Forwarded(isStale)}; fwd-status={status}; detail=streaming");

    /// <summary>Asked, and its answer is not stored.</summary>
    public static string NotStored(bool isStale, string detail) => $"{Forwarded(isStale)}; detail={detail}";

    /// <summary>Asked by this request alone.</summary>
    public static string Passed(Entries.FoundResponse found) => Forwarded(found.Response is not null);

    /// <summary>Given what another request has brought.</summary>
    public static string Collapsed(bool isStale) => $"{Forwarded(isStale)}; collapsed";

    /// <summary>Adds the line of this cache behind those of the caches that the response has passed.</summary>
    public static void Add(HttpResponseMessage response, string line) => response.Headers.TryAddWithoutValidation(Field, line);

    private static string Forwarded(bool isStale) => isStale ? Name + "; fwd=stale" : Name + "; fwd=uri-miss";
}
