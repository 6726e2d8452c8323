namespace RedisResilience.IntegrationTests.Engines;

/// <summary>What can stand behind a connection string.</summary>
public enum Engine
{
    /// <summary>One redis-server.</summary>
    Redis,

    /// <summary>One Garnet.</summary>
    Garnet,

    /// <summary>Redis Cluster: three masters, three replicas.</summary>
    Cluster,

    /// <summary>A primary and two replicas, found through three sentinels.</summary>
    Sentinel,
}
