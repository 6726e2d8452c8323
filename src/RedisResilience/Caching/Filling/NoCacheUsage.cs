namespace RedisResilience.Caching.Filling;

/// <summary>Nothing is stored.</summary>
internal sealed class NoCacheUsage : ICacheUsage
{
    public static NoCacheUsage Instance { get; } = new();

    public bool IsFull => false;

    public IReadOnlyList<NamespaceUsage> Namespaces => [];
}
