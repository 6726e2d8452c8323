using System.Diagnostics;
using RedisResilience.IntegrationTests.Servers;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>Looks into servers for what should not be there.</summary>
internal static class Inspection
{
    // The client's connect timeout, and some.
    private static readonly TimeSpan Attempt = TimeSpan.FromSeconds(3);

    public static async Task<int> CountKeysWithoutTimeToLiveAsync(IEnumerable<TestServer> servers, string? password)
    {
        var endpoints = string.Join(',', servers.Where(server => server.IsRunning).Select(server => server.ConnectionString));
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{endpoints},allowAdmin=true,password={password}");
        var database = connection.GetDatabase();
        var count = 0;
        foreach (var server in connection.GetServers().Where(server => server is { IsConnected: true, IsReplica: false }))
        {
            await foreach (var key in server.KeysAsync(pageSize: 1000))
            {
                count += await database.KeyTimeToLiveAsync(key) is null && await database.KeyExistsAsync(key) ? 1 : 0;
            }
        }

        return count;
    }

    /// <summary>All clients of a server but the one that asks and the stage's own, once the attempts to connect that began during the fault
    /// have ended.</summary>
    public static async Task<int> CountConnectionsAsync(ChaosStage stage, int most)
    {
        string[] question = ["CLIENT", "LIST"];
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var list = await RedisCommandLine.RunAsync(
                stage.Servers[0].Port, stage.Password is null ? question : ["-a", stage.Password, "--no-auth-warning", .. question]);
            var count = list.Split('\n').Length - 1 - stage.OtherConnections;
            if (count <= most || Stopwatch.GetElapsedTime(began) > Attempt)
            {
                return count;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}
