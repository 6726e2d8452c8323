using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>Faults between the nodes and a server that is well.</summary>
internal static class NetworkStages
{
    /// <summary>An attempt to connect that began during the fault must end first, and one to a silent address takes its two seconds.</summary>
    public static readonly TimeSpan WhileConnecting = TimeSpan.FromSeconds(3);

    /// <summary>The client gives a silent connection up after four times its timeout, and connects anew.</summary>
    public static readonly TimeSpan UntilGivenUp = TimeSpan.FromSeconds(5);

    /// <summary>Redis that comes and goes is on trial before it is trusted again.</summary>
    public static readonly TimeSpan OnTrial = TimeSpan.FromSeconds(10);

    public static async Task<ChaosStage> SetAsync(ServerKind kind, NetworkFault fault, ChaosEffect effect, TimeSpan timeToRecover)
    {
        var server = await TestServer.StartAsync(kind);
        var network = new FaultyNetwork(server.Port);
        var stage = new ChaosStage
        {
            ConnectionString = network.ConnectionString,
            Servers = [server],
            Effect = effect,
            TimeToRecover = timeToRecover,
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
