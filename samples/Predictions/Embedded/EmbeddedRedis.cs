using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Predictions.Embedded;

/// <summary>A Redis-compatible server of the sample's own: Garnet, as a child process on a free port of 127.0.0.1, which ends with the app.</summary>
internal sealed class EmbeddedRedis : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly PosixSignalRegistration[] _signals;

    private EmbeddedRedis(Process process, int port)
    {
        _process = process;
        Port = port;

        // A signal before the host has started, or one that the host leaves alone, ends the app without disposing anything.
        _signals = [.. Signals.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
    }

    private static PosixSignal[] Signals => [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGHUP];

    // The host that runs this process: dotnet need not be on PATH.
    private static string Dotnet => Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

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
            throw new InvalidOperationException("garnet-server is not restored (dotnet restore)");
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
        _process.Kill();
        await _process.WaitForExitAsync();
        Array.ForEach(_signals, signal => signal.Dispose());
        _process.Dispose();
    }

    private static ProcessStartInfo Describe(int port)
    {
        // The server's own file and not "dotnet tool run", so that there is one process to stop.
        string[] arguments = ["exec", ServerPath, "--port", $"{port}", "--bind", "127.0.0.1", "--lua", "--lua-transaction-mode", "--memory", "64m", "--index", "1m", "--index-max-size", "8m"];
        return new ProcessStartInfo(Dotnet, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_gcServer"] = "0" },
        };
    }

    // What the server says after this is read and dropped, or else it would block on a full pipe.
    private static Task WaitUntilReadyAsync(Process process)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var lastWords = "it said nothing";
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                ready.TrySetException(new InvalidOperationException($"garnet-server ended before it was ready: {lastWords}"));
            }
            else if (line.Data.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                ready.TrySetResult();
            }
            else if (!string.IsNullOrWhiteSpace(line.Data))
            {
                lastWords = line.Data.Trim();
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

    // The latest handler is asked first: a signal that the host takes, to stop in order, is cancelled when it comes here.
    private void OnSignal(PosixSignalContext context)
    {
        if (!context.Cancel)
        {
            _process.Kill();
        }
    }
}
