using Microsoft.AspNetCore.Http;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>What an endpoint, or a group around it, has said about caching its responses.</summary>
internal sealed class CacheResponseMetadata(Func<HttpContext, string?> key, TimeSpan? timeToLive)
{
    /// <summary>Names the entry of a request; null when the request has none.</summary>
    public Func<HttpContext, string?> Key { get; } = key;

    /// <summary>How long an entry lives; null for the default.</summary>
    public TimeSpan? TimeToLive { get; } = timeToLive;

    /// <summary>The type of what is stored. Only the body is: the entry's type must be known beforehand.</summary>
    public string ContentType { get; init; } = "application/json; charset=utf-8";

    /// <summary><see cref="ContentType"/> without its parameters.</summary>
    public string MediaType { get; init; } = "application/json";
}
