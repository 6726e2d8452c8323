namespace RedisResilience.Caching;

/// <summary>What this process has stored in the cache and not outlived: for health checks and dashboards.</summary>
public interface ICacheUsage
{
    /// <summary>
    /// Whether this process stores no further keys at present, for it has stored as many as it may
    /// (<see cref="RedisResilienceOptions.MaximumStoredKeys"/>).
    /// </summary>
    bool IsFull { get; }

    /// <summary>The namespaces in which this process has stored anything that may live yet. Costs no round trip.</summary>
    IReadOnlyList<NamespaceUsage> Namespaces { get; }
}
