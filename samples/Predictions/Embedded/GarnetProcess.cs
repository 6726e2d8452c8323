using System.Diagnostics;

namespace Predictions.Embedded;

/// <summary>A Garnet of one's own: a child process on a port of 127.0.0.1 that ends when this is disposed.</summary>
internal sealed class GarnetProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private volatile string _lastWords = "it said nothing";

    private GarnetProcess(Process process, int port)
    {
        _process = process;
        Port = port;
        _process.OutputDataReceived += Listen;
        _process.ErrorDataReceived += Listen;
    }

    public int Port { get; }

    public int ProcessId { get; private set; }

    public bool HasExited => _process.HasExited;

    /// <summary>Starts Garnet and waits until it answers.</summary>
    /// <param name="port">The port, to start again where another one was; null for a free one.</param>
    /// <param name="extraArguments">Further options of Garnet.</param>
    /// <param name="cancellationToken">Ends the wait, and Garnet with it.</param>
    /// <exception cref="GarnetStartException">Garnet is missing, has ended, or does not answer. The message is one line.</exception>
    public static async Task<GarnetProcess> StartAsync(
        int? port = null, IEnumerable<string>? extraArguments = null, CancellationToken cancellationToken = default)
    {
        if (!File.Exists(GarnetServer.FilePath))
        {
            throw new GarnetStartException("the garnet-server tool is not restored; run 'dotnet tool restore' and build again");
        }

        var garnet = Launch(port ?? LoopbackPort.FindFree(), extraArguments ?? []);
        try
        {
            await garnet.WaitUntilAnsweringAsync(cancellationToken);
            return garnet;
        }
        catch
        {
            await garnet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends Garnet at once, as a crash would (SIGKILL).</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static GarnetProcess Launch(int port, IEnumerable<string> extraArguments)
    {
        var start = new ProcessStartInfo(GarnetServer.DotnetHost, GarnetServer.CommandLine(port, extraArguments))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = AppContext.BaseDirectory,
            Environment = { ["DOTNET_gcServer"] = "0" },
        };
        var garnet = new GarnetProcess(new Process { StartInfo = start }, port);
        garnet._process.Start();
        garnet.ProcessId = garnet._process.Id;
        garnet._process.BeginOutputReadLine();
        garnet._process.BeginErrorReadLine();
        return garnet;
    }

    private async Task WaitUntilAnsweringAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        var answering = LoopbackPort.WaitUntilAnsweringAsync(Port, limit.Token);
        var ended = _process.WaitForExitAsync(limit.Token);
        try
        {
            await await Task.WhenAny(answering, ended);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GarnetStartException($"Garnet did not answer within {StartLimit.TotalSeconds} s");
        }

        if (_process.HasExited)
        {
            throw new GarnetStartException($"Garnet ended at once with code {_process.ExitCode}: {_lastWords}");
        }

        await limit.CancelAsync();
    }

    private void Listen(object sender, DataReceivedEventArgs line)
    {
        if (!string.IsNullOrWhiteSpace(line.Data))
        {
            _lastWords = line.Data.Trim();
        }
    }
}
