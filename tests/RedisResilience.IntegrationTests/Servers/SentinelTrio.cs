using System.Diagnostics;
using System.Globalization;
using RedisResilience.IntegrationTests.Packages;

namespace RedisResilience.IntegrationTests.Servers;

/// <summary>A primary with two replicas, and three sentinels that watch over them and agree on a failover.</summary>
public sealed class SentinelTrio : IAsyncDisposable
{
    private const string Name = "primary";

    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _sentinels = [];
    private readonly List<int> _ports = [];
    private readonly List<TestServer> _servers = [];

    private readonly string? _password;

    private SentinelTrio(string? password) => _password = password;

    /// <summary>The first primary, then its replicas.</summary>
    public IReadOnlyList<TestServer> Servers => _servers;

    public string ConnectionString => $"{string.Join(',', _ports.Select(port => $"127.0.0.1:{port}"))},serviceName={Name}";

    /// <param name="password">What the sentinels, and they alone, ask for.</param>
    public static async Task<SentinelTrio> StartAsync(string? password = null)
    {
        var trio = new SentinelTrio(password);
        try
        {
            await trio.StartServersAsync();
            await trio.StartSentinelsAsync();
            return trio;
        }
        catch
        {
            await trio.DisposeAsync();
            throw;
        }
    }

    /// <summary>The port of the server that the sentinels call the primary.</summary>
    public async Task<int> PrimaryPortAsync() =>
        int.Parse((await RedisCommandLine.RunAsync(_ports[0], "SENTINEL", "GET-MASTER-ADDR-BY-NAME", Name)).Split(
            '\n')[1], CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        foreach (var sentinel in _sentinels)
        {
            sentinel.Kill();
            await sentinel.WaitForExitAsync();
            sentinel.Dispose();
        }

        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        _folder.Dispose();
    }

    private string[] Login => _password is null ? [] : ["-a", _password, "--no-auth-warning"];

    private async Task StartServersAsync()
    {
        var primary = await TestServer.StartAsync(ServerKind.Redis, password: null, "--repl-diskless-sync-delay", "0");
        _servers.Add(primary);
        for (var replica = 0; replica < 2; replica++)
        {
            _servers.Add(await TestServer.StartAsync(
                ServerKind.Redis, password: null, "--replicaof", "127.0.0.1", $"{primary.Port}", "--repl-diskless-sync-delay", "0"));
        }

        foreach (var replica in _servers.Skip(1))
        {
            await RedisCommandLine.UntilAsync(
                replica.Port, answer => answer.Contains("master_link_status:up", StringComparison.Ordinal), "INFO", "replication");
        }
    }

    private async Task StartSentinelsAsync()
    {
        for (var sentinel = 0; sentinel < 3; sentinel++)
        {
            var port = FreePort.Next();
            var file = Path.Combine(_folder.Path, $"sentinel-{sentinel}.conf");
            await File.WriteAllLinesAsync(file,
            [
                $"port {port}", "bind 127.0.0.1", $"dir {_folder.Path}",
                $"sentinel monitor {Name} 127.0.0.1 {_servers[0].Port} 2",
                $"sentinel down-after-milliseconds {Name} 500",
                $"sentinel failover-timeout {Name} 3000",
                .. _password is null ? Array.Empty<string>() : [$"requirepass {_password}", $"sentinel sentinel-pass {_password}"],
            ]);
            _sentinels.Add(await RunningServers.StartAsync(ServerProgram.DescribeSentinel(file), "Sentinel ID is"));
            _ports.Add(port);
        }

        foreach (var port in _ports)
        {
            await RedisCommandLine.UntilAsync(
                port, answer => answer.Contains("slaves=2,sentinels=3", StringComparison.Ordinal), [.. Login, "INFO", "sentinel"]);
        }
    }
}
