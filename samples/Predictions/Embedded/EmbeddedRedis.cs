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

    public Task KillAsync(CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            await _process.DisposeAsync();
            _isFrozen = false;
        },
        cancellationToken);

    /// <summary>Stops it where it stands; one that has ended stays as it is.</summary>
    public Task FreezeAsync(CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            if (!_process.HasExited)
            {
                await _process.FreezeAsync(cancellationToken);
                _isFrozen = true;
            }
        },
        cancellationToken);

    /// <summary>Ends it, if it has not ended, and starts an empty one on the same port.</summary>
    /// <exception cref="InvalidOperationException">It did not come up.</exception>
    public Task RestartAsync(CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            await _process.DisposeAsync();
            _isFrozen = false;
            _process = await GarnetProcess.StartAsync(Port, cancellationToken);
        },
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        // One that is being started just now is ended as well.
        await InTurnAsync(async () => await _process.DisposeAsync(), CancellationToken.None);
        Array.ForEach(_signals, signal => signal.Dispose());
        _turn.Dispose();
    }

    // Two who press at once are served one after the other.
    private async Task InTurnAsync(Func<Task> action, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await action();
        }
        finally
        {
            _turn.Release();
        }
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
