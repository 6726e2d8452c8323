namespace RedisResilience.Caching.Filling;

/// <summary>The usage of a cache that stores nothing.</summary>
internal sealed class NoCacheUsage : ICacheUsage
{
    public static NoCacheUsage Instance { get; } = new();

    public bool IsFull => false;

    public IReadOnlyList<NamespaceUsage> Namespaces => [];
}
