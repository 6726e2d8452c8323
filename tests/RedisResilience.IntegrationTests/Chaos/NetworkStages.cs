using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>Faults between the nodes and a server that is well.</summary>
internal static class NetworkStages
{
    public static async Task<ChaosStage> SetAsync(ServerKind kind, NetworkFault fault, ChaosEffect effect)
    {
        var server = await TestServer.StartAsync(kind);
        var network = new FaultyNetwork(server.Port);
        var stage = new ChaosStage
        {
            ConnectionString = network.ConnectionString,
            Servers = [server],
            Effect = effect,
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
