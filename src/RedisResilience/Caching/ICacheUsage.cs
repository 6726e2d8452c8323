namespace RedisResilience.Caching;

/// <summary>Reports the entries that this process has stored and that have not yet expired, for health checks and dashboards.</summary>
public interface ICacheUsage
{
    /// <summary>
    /// Whether this process stores no further keys at present, because it has stored as many as it may
    /// (<see cref="RedisResilienceOptions.MaximumStoredKeys"/>).
    /// </summary>
    bool IsFull { get; }

    /// <summary>The namespaces in which this process has stored entries that may still live. Costs no round trip.</summary>
    IReadOnlyList<NamespaceUsage> Namespaces { get; }
}
