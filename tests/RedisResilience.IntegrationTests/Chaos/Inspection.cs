using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>Looks into servers for what should not be there.</summary>
internal static class Inspection
{
    private const string KeysWithoutEnd = "local n = 0 for _, key in ipairs(redis.call('keys', '*')) do if redis.call('ttl', key) == -1 then n = n + 1 end end return n";

    public static async Task<int> CountKeysWithoutTimeToLiveAsync(IEnumerable<TestServer> servers)
    {
        var count = 0;
        foreach (var server in servers.Where(server => server.IsRunning))
        {
            count += int.Parse(await RedisCommandLine.RunAsync(server.Port, "EVAL", KeysWithoutEnd, "0"), System.Globalization.CultureInfo.InvariantCulture);
        }

        return count;
    }

    /// <summary>All clients of a server but the one that asks.</summary>
    public static async Task<int> CountConnectionsAsync(TestServer server) =>
        (await RedisCommandLine.RunAsync(server.Port, "CLIENT", "LIST")).Split('\n').Length - 1;
}
