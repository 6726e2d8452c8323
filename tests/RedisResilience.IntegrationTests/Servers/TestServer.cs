using System.Diagnostics;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Servers;

/// <summary>A real server of the tests' own, on a free port: started, killed, frozen and started again as a test likes, and gone when it is
/// disposed.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly ServerKind _kind;
    private readonly string[] _arguments;
    private MovableClock? _clock;
    private Process? _process;

    private TestServer(ServerKind kind, int port, string[] arguments)
    {
        _kind = kind;
        Port = port;
        _arguments = arguments;
    }

    public int Port { get; }

    public bool IsRunning => _process is { HasExited: false };

    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <summary>Its clock, of a server that was started with one that can be moved.</summary>
    public MovableClock Clock => _clock ?? throw new InvalidOperationException("This server goes by the machine's clock.");

    /// <summary>A server that runs.</summary>
    public static async Task<TestServer> StartAsync(ServerKind kind, string? password = null, params string[] arguments)
    {
        var server = NotStarted(kind, arguments);
        await server.StartAsync(password);
        return server;
    }

    /// <summary>A server that runs and whose clock the test moves.</summary>
    public static async Task<TestServer> StartWithClockAsync(ServerKind kind = ServerKind.Redis, params string[] arguments)
    {
        var server = NotStarted(kind, arguments);
        server._clock = await MovableClock.CreateAsync();
        await server.StartAsync();
        return server;
    }

    /// <summary>A server that runs where its arguments say.</summary>
    public static async Task<TestServer> StartAtAsync(int port, params string[] arguments)
    {
        var server = new TestServer(ServerKind.Redis, port, arguments);
        await server.StartAsync();
        return server;
    }

    /// <summary>A port where nothing listens yet.</summary>
    public static TestServer NotStarted(ServerKind kind, params string[] arguments) => new(kind, FreePort.Next(), arguments);

    /// <summary>Starts it, and waits until it serves: both servers say the same words then.</summary>
    public Task StartAsync(string? password = null) => StartAsync(password, "Ready to accept connections");

    /// <summary>Starts it with a file to load that takes long, and waits only until it listens.</summary>
    public Task StartLoadingAsync(params string[] arguments) => StartAsync(password: null, "Loading RDB", arguments);

    private async Task StartAsync(string? password, string word, params string[] arguments)
    {
        var start = ServerProgram.Describe(_kind, Port, password, [.. _arguments, .. arguments]);
        _clock?.Set(start);
        _process = await RunningServers.StartAsync(start, word);
    }

    /// <summary>SIGKILL: the connections are cut, nothing is saved.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: the connections stay, nothing is answered.</summary>
    public void Freeze() => ProcessSignal.Freeze(_process!);

    public void Thaw() => ProcessSignal.Thaw(_process!);

    /// <summary>A connection of the test's own, to look at what the library has done.</summary>
    public async Task<ConnectionMultiplexer> ConnectAsync(string? password = null) =>
        await ConnectionMultiplexer.ConnectAsync($"{ConnectionString},allowAdmin=true,connectTimeout=20000,password={password}");

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            if (!process.HasExited)
            {
                await KillAsync();
            }

            process.Dispose();
        }

        _clock?.Dispose();
    }
}
