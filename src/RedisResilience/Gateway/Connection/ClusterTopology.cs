using StackExchange.Redis;

namespace RedisResilience.Gateway.Connection;

/// <summary>The layout of the cluster, as a connection knows it.</summary>
internal static class ClusterTopology
{
    public static bool IsCluster(IConnectionMultiplexer multiplexer) => multiplexer.GetServers().Any(server =>
        server.ServerType == ServerType.Cluster);

    /// <summary>The slots of each shard, by the first server that knows them.</summary>
    public static IReadOnlyList<IList<SlotRange>> ShardsOf(IConnectionMultiplexer multiplexer)
    {
        var known = multiplexer.GetServers().Where(server => server.IsConnected).Select(server => server.ClusterConfiguration);
        return known.FirstOrDefault(cluster => cluster is not null) is { } cluster
            ? [.. cluster.Nodes.Where(node => !node.IsReplica && node.Slots.Count > 0).Select(node => node.Slots)]
            : [];
    }
}
