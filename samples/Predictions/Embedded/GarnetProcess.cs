using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Predictions.Embedded;

/// <summary>One run of the embedded server: a process from its start to its end.</summary>
internal sealed class GarnetProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private volatile bool _isDisposed;

    private GarnetProcess(Process process)
    {
        _process = process;
        Id = process.Id;
    }

    // The host that runs this process: dotnet need not be on PATH.
    private static string Dotnet => Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    /// <summary>Where the build has put the server.</summary>
    public static string ServerPath { get; } =
        typeof(GarnetProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(data => data.Key == "GarnetServer").Value ?? "";

    public int Id { get; }

    public bool HasExited { get; private set; }

    /// <exception cref="InvalidOperationException">The server is not there, or did not come up.</exception>
    public static async Task<GarnetProcess> StartAsync(int port, CancellationToken cancellationToken)
    {
        if (!File.Exists(ServerPath))
        {
            throw new InvalidOperationException("garnet-server is not restored (dotnet restore)");
        }

        var process = Process.Start(Describe(port))!;
        var garnet = new GarnetProcess(process);
        process.Exited += (_, _) => garnet.HasExited = true;
        process.EnableRaisingEvents = true;
        try
        {
            await WaitUntilReadyAsync(process).WaitAsync(Patience, cancellationToken);
            return garnet;
        }
        catch (Exception exception)
        {
            await garnet.DisposeAsync();
            throw exception is TimeoutException
                ? new InvalidOperationException("garnet-server did not come up in time", exception)
                : exception;
        }
    }

    /// <summary>Ends it at once, a frozen one too.</summary>
    public void Kill()
    {
        if (!_isDisposed)
        {
            _process.Kill();
        }
    }

    /// <summary>Stops it where it stands: its connections stay open, and nobody answers. Not on Windows.</summary>
    public async Task FreezeAsync(CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", ["-STOP", $"{Id}"]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _process.Kill();
        await _process.WaitForExitAsync();
        (HasExited, _isDisposed) = (true, true);
        _process.Dispose();
    }

    private static ProcessStartInfo Describe(int port)
    {
        // The server's own file and not "dotnet tool run", so that there is one process to stop.
        string[] arguments =
            ["exec", ServerPath, "--port", $"{port}", "--bind", "127.0.0.1", "--lua", "--lua-transaction-mode", "--memory", "64m",
            "--index", "1m", "--index-max-size", "8m"];
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
}
