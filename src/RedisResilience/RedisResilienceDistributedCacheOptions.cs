using Microsoft.Extensions.Caching.Distributed;

namespace RedisResilience;

/// <summary>
/// How the application's <see cref="IDistributedCache"/> stores its entries. The options are read once, when the cache is resolved.
/// </summary>
public sealed class RedisResilienceDistributedCacheOptions
{
    /// <summary>The prefix of the keys of all entries, after <see cref="RedisResilienceOptions.KeyPrefix"/>.</summary>
    /// <value>Default: <c>cache:</c>. At most 128 characters of clean text.</value>
    public string KeyPrefix { get; set; } = "cache:";

    /// <summary>How long an entry without an expiration lives. No entry lives for ever.</summary>
    /// <value>Default: 1 day. From 1 ms to 365 days.</value>
    public TimeSpan DefaultTimeToLive { get; set; } = TimeSpan.FromDays(1);
}
