namespace RedisResilience.Benchmarks.Outages;

/// <summary>What a user would pick.</summary>
internal enum RivalKind
{
    RedisResilience,
    HybridCache,
    FusionCache,
    FusionCacheTuned,
    OutputCaching,
}
