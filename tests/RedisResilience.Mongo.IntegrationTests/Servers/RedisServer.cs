using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RedisResilience.Mongo.IntegrationTests.Servers;

/// <summary>A redis-server of the tests' own, on a free port.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<RedisServer>> Shared = new(StartNewAsync);
    private Process? _process;

    private readonly string[] _arguments;

    private RedisServer(int port, string[] arguments) => (Port, _arguments) = (port, arguments);

    public int Port { get; }

    public string ConnectionString => $"127.0.0.1:{Port}";

    public static Task<RedisServer> StartNewAsync() => StartNewAsync([]);

    /// <summary>One that knows no scripts.</summary>
    public static Task<RedisServer> StartWithoutScriptsAsync() =>
        StartNewAsync(["--rename-command", "EVAL", "", "--rename-command", "EVALSHA", "", "--rename-command", "SCRIPT", ""]);

    private static async Task<RedisServer> StartNewAsync(string[] arguments)
    {
        var server = new RedisServer(FreePort(), arguments);
        await server.StartAsync();
        return server;
    }

    /// <summary>The one for all tests that do not break theirs: its connection string.</summary>
    public static async Task<string> SharedAsync() => (await Shared.Value).ConnectionString;

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts it, or starts it again, on its port. It has nothing stored.</summary>
    public async Task StartAsync()
    {
        var program = Environment.GetEnvironmentVariable("REDISRESILIENCE_SERVER") is { Length: > 0 } other
            ? other
            : Programs.Find("redis-server");
        if (program is null)
        {
            Assert.That(
                Environment.GetEnvironmentVariable("CI"), Is.Not.EqualTo("true"), "redis-server is not on PATH, and in CI it must be.");
            Assert.Ignore("redis-server is not on PATH.");
        }

        var start = new ProcessStartInfo(
            program!, ["--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", .. _arguments])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        _process = Process.Start(start)!;
        RunningProcesses.Add(_process);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("Ready to accept connections", StringComparison.Ordinal) == true)
            {
                ready.TrySetResult();
            }
        };
        _process.BeginOutputReadLine();
        await ready.Task.WaitAsync(Patience);
    }

    /// <summary>How much it may store, and then no more: 0 for any. What is stored stays, and can be deleted.</summary>
    public async Task LimitMemoryAsync(int bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"CONFIG SET maxmemory {bytes}\r\n"));
        Assert.That(await reader.ReadLineAsync().WaitAsync(Patience), Is.EqualTo("+OK"));
    }

    public async Task KillAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
    }
}
