using Microsoft.Extensions.Caching.Distributed;

namespace RedisResilience;

/// <summary>How the application's <see cref="IDistributedCache"/> keeps its entries. Read once, when it is resolved.</summary>
public sealed class RedisResilienceDistributedCacheOptions
{
    /// <summary>Stands before the keys of all entries, after <see cref="RedisResilienceOptions.KeyPrefix"/>.</summary>
    /// <value>Default: <c>cache:</c>. At most 128 characters of clean text.</value>
    public string KeyPrefix { get; set; } = "cache:";

    /// <summary>How long an entry lives whose caller names no expiration. Nothing is kept for ever.</summary>
    /// <value>Default: 1 day. From 1 ms to 365 days.</value>
    public TimeSpan DefaultTimeToLive { get; set; } = TimeSpan.FromDays(1);
}
