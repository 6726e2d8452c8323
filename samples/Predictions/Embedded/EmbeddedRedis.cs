using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace Predictions.Embedded;

/// <summary>A Redis-compatible server of the sample's own: Garnet, as a child process on a free port of 127.0.0.1, which ends with the app.</summary>
internal sealed class EmbeddedRedis : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly EventHandler _onExit;

    private EmbeddedRedis(Process process, int port)
    {
        _process = process;
        Port = port;

        // For the ends that dispose nothing, such as a signal before the host has started.
        _onExit = (_, _) => Kill();
        AppDomain.CurrentDomain.ProcessExit += _onExit;
    }

    /// <summary>Where the build has put the server.</summary>
    public static string ServerPath { get; } =
        typeof(EmbeddedRedis).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "GarnetServer").Value ?? "";

    public int Port { get; }

    public int ProcessId => _process.Id;

    /// <exception cref="InvalidOperationException">The server is not there, or did not come up.</exception>
    public static async Task<EmbeddedRedis> StartAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(ServerPath))
        {
            throw new InvalidOperationException("the tool garnet-server is not restored (dotnet tool restore)");
        }

        var port = FindFreePort();
        var process = Process.Start(Describe(port))!;
        var redis = new EmbeddedRedis(process, port);
        try
        {
            await WaitUntilReadyAsync(process).WaitAsync(Patience, cancellationToken);
            return redis;
        }
        catch (Exception exception)
        {
            await redis.DisposeAsync();
            throw exception is TimeoutException ? new InvalidOperationException("garnet-server did not come up in time", exception) : exception;
        }
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= _onExit;
        Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static ProcessStartInfo Describe(int port)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments = ["exec", ServerPath, "--port", $"{port}", "--bind", "127.0.0.1", "--lua", "--memory", "64m", "--index", "8m"];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    // What the server says after this is read and dropped, or else it would block on a full pipe.
    private static Task WaitUntilReadyAsync(Process process)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                ready.TrySetException(new InvalidOperationException("garnet-server ended before it was ready"));
            }
            else if (line.Data.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                ready.TrySetResult();
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return ready.Task;
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
    }
}
