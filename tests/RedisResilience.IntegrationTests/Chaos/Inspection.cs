using RedisResilience.IntegrationTests.Servers;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>Looks into servers for what should not be there.</summary>
internal static class Inspection
{
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

    /// <summary>All clients of a server but the one that asks.</summary>
    public static async Task<int> CountConnectionsAsync(TestServer server, string? password)
    {
        string[] question = ["CLIENT", "LIST"];
        var list = await RedisCommandLine.RunAsync(server.Port, password is null ? question : ["-a", password, "--no-auth-warning", .. question]);
        return list.Split('\n').Length - 1;
    }
}
