using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Logging;
using RedisResilience.AspNetCore.Caching.Storing;
using RedisResilience.AspNetCore.Registration;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>What cached endpoints work with, the same for all requests.</summary>
internal sealed class HttpCacheServices
{
    public required IResponseCache Cache { get; init; }

    public required IRedisStatus Status { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>A larger body is served and not stored.</summary>
    public required int MaximumEntrySize { get; init; }

    /// <summary>Who may code bodies further out; null when nobody does.</summary>
    public IResponseCompressionProvider? Compression { get; init; }

    public required UncacheableKeys UncacheableKeys { get; init; }

    public required HttpPipeline Pipeline { get; init; }

    /// <summary>Whether there is no cache to speak of: nothing is configured.</summary>
    public bool IsOff => Cache is NoOpResponseCache;
}
