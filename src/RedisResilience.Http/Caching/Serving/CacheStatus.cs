using System.Globalization;

namespace RedisResilience.Http.Caching.Serving;

/// <summary>The values of <c>Cache-Status</c> (RFC 9211), which say how this cache has handled a request.</summary>
internal static class CacheStatus
{
    public const string Bypassed = Name + "; fwd=bypass";

    /// <summary>The origin was asked because Redis is away. Nothing is stored.</summary>
    public const string Unavailable = Bypassed + "; detail=unavailable";

    public const string OnlyIfCached = Name + "; detail=only-if-cached";

    /// <summary>The origin was asked because a cache never answers this method.</summary>
    public const string Method = Name + "; fwd=method";

    private const string Field = "Cache-Status";
    private const string Name = "RedisResilience";

    public static string Hit(TimeSpan left) =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}; hit; ttl={(long)Math.Floor(left.TotalSeconds)}");

    /// <summary>The stale response was served because the origin has failed or has not answered.</summary>
    public static string StaleIfError(TimeSpan left) => $"{Hit(left)}; detail=stale-if-error";

    /// <summary>The origin was asked, and its answer is stored.</summary>
    public static string Stored(bool isStale, int status) =>
        string.Create(CultureInfo.InvariantCulture, $"{Forwarded(isStale)}; fwd-status={status}; stored");

    /// <summary>The origin was asked. Its answer has no announced length, and is stored if its body is small enough.</summary>
    public static string Streaming(bool isStale, int status) =>
        string.Create(CultureInfo.InvariantCulture, $"{Forwarded(isStale)}; fwd-status={status}; detail=streaming");

    /// <summary>The origin was asked, and its answer is not stored.</summary>
    public static string NotStored(bool isStale, string detail) => $"{Forwarded(isStale)}; detail={detail}";

    /// <summary>The origin was asked by this request alone.</summary>
    public static string Passed(Entries.FoundResponse found) => Forwarded(found.Response is not null);

    /// <summary>Another request has fetched the response.</summary>
    public static string Collapsed(bool isStale) => $"{Forwarded(isStale)}; collapsed";

    /// <summary>Adds the value of this cache after those of the caches that the response has passed.</summary>
    public static void Add(HttpResponseMessage response, string line) => response.Headers.TryAddWithoutValidation(Field, line);

    private static string Forwarded(bool isStale) => isStale ? Name + "; fwd=stale" : Name + "; fwd=uri-miss";
}
