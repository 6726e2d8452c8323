using System.Diagnostics;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Servers;

/// <summary>A real server of the tests' own, on a free port: started, killed, frozen and started again as a test likes, and gone when it is disposed.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ServerKind _kind;
    private Process? _process;

    private TestServer(ServerKind kind, int port)
    {
        _kind = kind;
        Port = port;
    }

    public int Port { get; }

    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <summary>A server that runs.</summary>
    public static async Task<TestServer> StartAsync(ServerKind kind, string? password = null)
    {
        var server = NotStarted(kind);
        await server.StartAsync(password);
        return server;
    }

    /// <summary>A port where nothing listens yet.</summary>
    public static TestServer NotStarted(ServerKind kind) => new(kind, FreePort.Next());

    public async Task StartAsync(string? password = null)
    {
        var process = Process.Start(ServerProgram.Describe(_kind, Port, password))!;
        _process = process;
        RunningServers.Add(process);

        // Both servers say the same words when they listen; what they say later is read and dropped, so that they never block on a full pipe.
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                ready.TrySetException(new InvalidOperationException($"{_kind} ended before it was ready."));
            }
            else if (line.Data.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                ready.TrySetResult();
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await ready.Task.WaitAsync(Patience);
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
        await ConnectionMultiplexer.ConnectAsync($"{ConnectionString},allowAdmin=true,password={password}");

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
    }
}
