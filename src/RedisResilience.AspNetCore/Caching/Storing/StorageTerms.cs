using RedisResilience.AspNetCore.Caching.Rules;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>Under which terms an endpoint is run: as the cache's source, or for its own request alone.</summary>
/// <param name="Lookup">What the request wants of the cache.</param>
/// <param name="IsStoring">Whether the response is stored if it may be.</param>
/// <param name="IsRefresh">Whether there is an older one.</param>
internal readonly record struct StorageTerms(CacheLookup Lookup, bool IsStoring, bool IsRefresh)
{
    /// <summary>Says what becomes of a response that is not stored.</summary>
    public string Describe(Reason reason) => CacheStatus.NotStored(reason, IsRefresh);
}
