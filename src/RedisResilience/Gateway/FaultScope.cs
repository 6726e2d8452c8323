namespace RedisResilience.Gateway;

/// <summary>Which calls a fault affects. This decides which circuit opens.</summary>
internal enum FaultScope
{
    /// <summary>Only this process. The circuit does not change.</summary>
    Nobody,

    /// <summary>
    /// One command, which the server has refused. The circuit stays closed and a run of misses ends. The reason is logged once between two
    /// outages,
    /// and the health check is degraded for a minute after it.
    /// </summary>
    Command,

    /// <summary>Whoever is silent. Five in a row open the circuit, or the shard's, and each has the probe ask at once.</summary>
    Silence,

    /// <summary>
    /// The way to one server. It opens the circuit, unless another endpoint is connected: then the probe decides. In a cluster it opens the
    /// shard's.
    /// </summary>
    Network,

    /// <summary>One server, which answers no client now. The circuit opens, or, in a cluster, that of the shard.</summary>
    Server,

    /// <summary>All servers. It opens the circuit, in a cluster too.</summary>
    Everybody,
}
