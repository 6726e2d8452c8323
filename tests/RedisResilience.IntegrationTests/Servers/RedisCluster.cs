using System.Globalization;
using RedisResilience.IntegrationTests.Packages;

namespace RedisResilience.IntegrationTests.Servers;

/// <summary>Redis Cluster as it is run: three masters with a third of the slots each, and a replica of each of them.</summary>
public sealed class RedisCluster : IAsyncDisposable
{
    private const int Masters = 3;
    private const int Slots = 16384;

    private readonly TemporaryFolder _folder = new();
    private readonly List<TestServer> _servers = [];

    private RedisCluster()
    {
    }

    /// <summary>The masters first, then their replicas in the same order.</summary>
    public IReadOnlyList<TestServer> Servers => _servers;

    public string ConnectionString => string.Join(',', _servers.Take(Masters).Select(server => server.ConnectionString));

    public static async Task<RedisCluster> StartAsync()
    {
        var cluster = new RedisCluster();
        try
        {
            await cluster.StartServersAsync();
            await cluster.JoinAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins to move a slot from one master to another: from now on, the other one has the keys that the first one has not.
    /// </summary>
    public async Task BeginMigrationAsync(int slot, int from, int to)
    {
        await RedisCommandLine.RunAsync(_servers[to].Port, "CLUSTER", "SETSLOT", $"{slot}", "IMPORTING", await IdOfAsync(from));
        await RedisCommandLine.RunAsync(_servers[from].Port, "CLUSTER", "SETSLOT", $"{slot}", "MIGRATING", await IdOfAsync(to));
    }

    /// <summary>Moves a slot with all its keys from one master to another, as an operator does, while it is in use.</summary>
    public async Task MigrateAsync(int slot, int from, int to)
    {
        await BeginMigrationAsync(slot, from, to);
        var (source, target) = (_servers[from].Port, _servers[to].Port);
        while (await RedisCommandLine.RunAsync(source, "CLUSTER", "GETKEYSINSLOT", $"{slot}", "100") is { Length: > 0 } keys)
        {
            await RedisCommandLine.RunAsync(source, ["MIGRATE", "127.0.0.1", $"{target}", "", "0", "5000", "KEYS", .. keys.Split('\n')]);
        }

        foreach (var port in new[] { target, source })
        {
            await RedisCommandLine.RunAsync(port, "CLUSTER", "SETSLOT", $"{slot}", "NODE", await IdOfAsync(to));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>A key that a master serves, as one of a limit too: it is a hash tag.</summary>
    public async Task<string> KeyOfAsync(int master)
    {
        for (var number = 0; ; number++)
        {
            var tag = $"{{{number}}}";
            if (await SlotOfAsync(tag) * Masters / Slots == master)
            {
                return tag;
            }
        }
    }

    public async Task<int> SlotOfAsync(string key) => int.Parse(
        await RedisCommandLine.RunAsync(_servers[0].Port, "CLUSTER", "KEYSLOT", key), CultureInfo.InvariantCulture);

    private async Task StartServersAsync()
    {
        for (var server = 0; server < 2 * Masters; server++)
        {
            var busPort = FreePort.Next();
            _servers.Add(await TestServer.StartAsync(
                ServerKind.Redis, password: null,
                "--cluster-enabled", "yes", "--cluster-port", $"{busPort}", "--cluster-config-file", Path.Combine(
                _folder.Path, $"nodes-{server}.conf"),
                "--cluster-node-timeout", "1000", "--cluster-replica-validity-factor", "0", "--repl-diskless-sync-delay", "0", "--dir",
                    _folder.Path));
            await RedisCommandLine.RunAsync(_servers[server].Port, "CLUSTER", "SET-CONFIG-EPOCH", $"{server + 1}");
            if (server > 0)
            {
                await RedisCommandLine.RunAsync(_servers[0].Port, "CLUSTER", "MEET", "127.0.0.1", $"{_servers[server].Port}", $"{busPort}");
            }
        }
    }

    private async Task JoinAsync()
    {
        for (var master = 0; master < Masters; master++)
        {
            var (first, last) = (Slots * master / Masters, (Slots * (master + 1) / Masters) - 1);
            await RedisCommandLine.RunAsync(_servers[master].Port, "CLUSTER", "ADDSLOTSRANGE", $"{first}", $"{last}");
        }

        foreach (var server in _servers)
        {
            await RedisCommandLine.UntilAsync(
                server.Port, answer => ValueOf(answer, "cluster_known_nodes") == 2 * Masters, "CLUSTER", "INFO");
        }

        for (var replica = Masters; replica < 2 * Masters; replica++)
        {
            await RedisCommandLine.RunAsync(_servers[replica].Port, "CLUSTER", "REPLICATE", await IdOfAsync(replica - Masters));
        }

        foreach (var server in _servers)
        {
            await RedisCommandLine.UntilAsync(
                server.Port, answer => answer.Contains("cluster_state:ok", StringComparison.Ordinal), "CLUSTER", "INFO");
        }

        foreach (var replica in _servers.Skip(Masters))
        {
            await RedisCommandLine.UntilAsync(
                replica.Port, answer => answer.Contains("master_link_status:up", StringComparison.Ordinal), "INFO", "replication");
        }
    }

    private Task<string> IdOfAsync(int server) => RedisCommandLine.RunAsync(_servers[server].Port, "CLUSTER", "MYID");

    private static int ValueOf(string information, string name) =>
        int.Parse(information.Split(
            '\n').Single(line => line.StartsWith($"{name}:", StringComparison.Ordinal))[(name.Length + 1)..], CultureInfo.InvariantCulture);
}
