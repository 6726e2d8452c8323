namespace RedisResilience.Caching;

/// <summary>What this process has stored in the cache, by namespace: for health checks and dashboards.</summary>
public interface ICacheUsage
{
    /// <summary>The namespaces in which this process has stored anything since the present hour of counting began. Costs no round trip.</summary>
    IReadOnlyList<NamespaceUsage> Namespaces { get; }
}
