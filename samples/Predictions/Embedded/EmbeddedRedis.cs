using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Predictions.Embedded;

/// <summary>A Redis-compatible server of the sample's own: Garnet, on a free port of 127.0.0.1. It can be killed, frozen and started again,
/// and ends with the app.</summary>
internal sealed class EmbeddedRedis : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly PosixSignalRegistration[] _signals;
    private GarnetProcess _process;
    private bool _isFrozen;

    private EmbeddedRedis(GarnetProcess process, int port)
    {
        _process = process;
        Port = port;

        // A signal before the host has started, or one that the host leaves alone, ends the app without disposing anything.
        _signals = [.. Signals.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
    }

    private static PosixSignal[] Signals => [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGHUP];

    public int Port { get; }

    /// <summary>The process of now: another one after each start.</summary>
    public int ProcessId => _process.Id;

    public EmbeddedState State => _process.HasExited ? EmbeddedState.Stopped : _isFrozen ? EmbeddedState.Frozen : EmbeddedState.Running;

    /// <exception cref="InvalidOperationException">The server is not there, or did not come up.</exception>
    public static async Task<EmbeddedRedis> StartAsync(CancellationToken cancellationToken)
    {
        var port = FindFreePort();
        return new EmbeddedRedis(await GarnetProcess.StartAsync(port, cancellationToken), port);
    }

    public void Kill()
    {
        _process.Kill();
        _isFrozen = false;
    }

    public async Task FreezeAsync(CancellationToken cancellationToken)
    {
        await _process.FreezeAsync(cancellationToken);
        _isFrozen = true;
    }

    /// <summary>Ends it, if it has not ended, and starts an empty one on the same port.</summary>
    /// <exception cref="InvalidOperationException">It did not come up.</exception>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await _process.DisposeAsync();
            _isFrozen = false;
            _process = await GarnetProcess.StartAsync(Port, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Array.ForEach(_signals, signal => signal.Dispose());
        _turn.Dispose();
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
