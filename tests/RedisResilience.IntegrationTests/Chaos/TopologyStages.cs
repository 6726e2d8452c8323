using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>Faults of a deployment of several servers, which heals itself: what is lifted is waited for.</summary>
internal static class TopologyStages
{
    public static async Task<ChaosStage> SlotMigrationAsync()
    {
        var cluster = await RedisCluster.StartAsync();
        var stage = Set(cluster, ChaosEffect.Refusal, mayLoseAcknowledged: false);
        var slot = await cluster.SlotOfAsync(ChaosReads.KeyOf(1));
        var owner = slot * 3 / 16384;
        stage.Begin = () =>
        {
            stage.Repeat(TimeSpan.FromMilliseconds(50), async () =>
            {
                var next = (owner + 1) % 3;
                await cluster.MigrateAsync(slot, owner, next);
                owner = next;
            });
            return Task.CompletedTask;
        };
        return stage;
    }

    public static async Task<ChaosStage> MasterKilledAsync()
    {
        var cluster = await RedisCluster.StartAsync();
        var stage = Set(cluster, ChaosEffect.Disturbance, mayLoseAcknowledged: true);
        stage.Begin = cluster.Servers[0].KillAsync;
        stage.Lift = async () =>
        {
            await UntilServedAsync(cluster.Servers.Skip(1));
            await RedisCommandLine.UntilAsync(
                cluster.Servers[3].Port, answer => answer.Contains("role:master", StringComparison.Ordinal), "INFO", "replication");
        };
        return stage;
    }

    public static async Task<ChaosStage> ShardFrozenAsync()
    {
        var cluster = await RedisCluster.StartAsync();
        var stage = Set(cluster, ChaosEffect.Disturbance, mayLoseAcknowledged: true);
        stage.Begin = () =>
        {
            cluster.Servers[0].Freeze();
            return Task.CompletedTask;
        };
        stage.Lift = () =>
        {
            cluster.Servers[0].Thaw();
            return UntilServedAsync(cluster.Servers);
        };
        return stage;
    }

    public static async Task<ChaosStage> SentinelFailoverAsync()
    {
        var trio = await SentinelTrio.StartAsync();
        var stage = new ChaosStage
        {
            ConnectionString = trio.ConnectionString,
            Servers = trio.Servers,
            Effect = ChaosEffect.Disturbance,
            Losses = null,
            MayLoseAcknowledged = true,
            ConnectionsPerNode = null,
        };
        stage.Own(trio);
        stage.Begin = trio.Servers[0].KillAsync;
        stage.Lift = async () =>
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (await trio.PrimaryPortAsync() == trio.Servers[0].Port)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
            }
        };
        return stage;
    }

    private static async Task UntilServedAsync(IEnumerable<TestServer> servers)
    {
        foreach (var server in servers)
        {
            await RedisCommandLine.UntilAsync(
                server.Port, answer => answer.Contains("cluster_state:ok", StringComparison.Ordinal), "CLUSTER", "INFO");
        }
    }

    private static ChaosStage Set(RedisCluster cluster, ChaosEffect effect, bool mayLoseAcknowledged)
    {
        var stage = new ChaosStage
        {
            ConnectionString = cluster.ConnectionString,
            Servers = cluster.Servers,
            Effect = effect,
            Losses = mayLoseAcknowledged ? null : 0,
            MayLoseAcknowledged = mayLoseAcknowledged,
            ConnectionsPerNode = null,
        };
        stage.Own(cluster);
        return stage;
    }
}
