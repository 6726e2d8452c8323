namespace RedisResilience.Caching.Usage;

/// <summary>Nothing is stored.</summary>
internal sealed class NoCacheUsage : ICacheUsage
{
    public static NoCacheUsage Instance { get; } = new();

    public IReadOnlyList<NamespaceUsage> Namespaces => [];
}
