using System.Text.Json;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>This assembly as a program: a process with a node and its load, told by lines what phase it is, and saying at the end what it
/// has seen.</summary>
internal static class ChaosProgram
{
    public const string Ready = "ready";

    /// <param name="connectionString">Where Redis is.</param>
    /// <param name="isThere">Whether it is there already, and to be waited for.</param>
    public static async Task<int> RunAsync(string connectionString, bool isThere)
    {
        await using var node = new ResilientService(connectionString, ChaosRun.Configure);
        if (isThere)
        {
            await node.UntilAvailableAsync();
        }

        await using var load = new ChaosLoad([node], isKilled: true);
        Console.WriteLine(Ready);
        while (Enum.TryParse<ChaosPhase>(await Console.In.ReadLineAsync(), out var phase))
        {
            load.Phase = phase;
        }

        Console.WriteLine(JsonSerializer.Serialize(await load.EndAsync()));
        return 0;
    }
}
