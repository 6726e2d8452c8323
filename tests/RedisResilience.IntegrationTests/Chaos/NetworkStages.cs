using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>Faults between the nodes and a server that is well.</summary>
internal static class NetworkStages
{
    /// <summary>Redis that comes and goes is on trial before it is trusted again, and the longer the longer it did so (decision 40).</summary>
    public static readonly TimeSpan OnTrial = TimeSpan.FromSeconds(ChaosTimes.IsLong ? 10 : 3);

    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    public static async Task<ChaosStage> SetAsync(ServerKind kind, NetworkFault fault, ChaosEffect effect)
    {
        var server = await TestServer.StartAsync(kind);
        var network = new FaultyNetwork(server.Port);
        var stage = new ChaosStage
        {
            ConnectionString = network.ConnectionString,
            Servers = [server],
            Effect = effect,
            TimeToRecover = fault == NetworkFault.CutMidReply ? OnTrial : AtOnce,
            Begin = () => Change(network, fault),
            Lift = () => Change(network, fault == NetworkFault.HalfOpen ? NetworkFault.HalfOpen : NetworkFault.None),
        };
        stage.Own(server);
        stage.Own(network);
        return stage;
    }

    private static Task Change(FaultyNetwork network, NetworkFault fault)
    {
        // What is half open stays so: there is nothing to lift.
        if (network.Fault != fault)
        {
            network.Change(fault);
        }

        return Task.CompletedTask;
    }
}
