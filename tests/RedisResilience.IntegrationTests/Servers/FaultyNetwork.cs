using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace RedisResilience.IntegrationTests.Servers;

/// <summary>A port that leads to a server, and the faults of the network in between.</summary>
public sealed class FaultyNetwork : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _port;
    private readonly ConcurrentDictionary<FaultyLine, Task> _lines = [];
    private readonly List<Socket> _fillers = [];
    private readonly Task _accepting;
    private volatile NetworkFault _fault;
    private volatile TaskCompletionSource _lifted = Lifted();

    public FaultyNetwork(int port, NetworkFault fault = NetworkFault.None)
    {
        _port = port;

        // A short queue of connections that wait to be accepted: it can be filled, and then nobody is answered any more.
        _listener.Start(backlog: 1);
        Change(fault);
        _accepting = AcceptAsync();
    }

    public string ConnectionString => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    internal NetworkFault Fault => _fault;

    internal CancellationToken End => _end.Token;

    /// <summary>Done while bytes may pass.</summary>
    internal Task PassableAsync() => _lifted.Task.WaitAsync(_end.Token);

    public void Change(NetworkFault fault)
    {
        if (fault == NetworkFault.BlackHole)
        {
            _lifted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        if (fault == NetworkFault.HalfOpen)
        {
            foreach (var line in _lines.Keys)
            {
                line.Deaden();
            }
        }

        _fault = fault;
        if (fault == NetworkFault.BlackHole)
        {
            FillQueue();
        }
        else
        {
            _fillers.ForEach(filler => filler.Dispose());
            _fillers.Clear();
            _lifted.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _lifted.TrySetResult();
        await _accepting;
        await Task.WhenAll(_lines.Values);
        _listener.Dispose();
        _fillers.ForEach(filler => filler.Dispose());
        _end.Dispose();
    }

    private static TaskCompletionSource Lifted()
    {
        var lifted = new TaskCompletionSource();
        lifted.SetResult();
        return lifted;
    }

    private void FillQueue()
    {
        for (var filler = 0; filler < 4; filler++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            _fillers.Add(socket);
            try
            {
                socket.Connect(_listener.LocalEndpoint);
            }
            catch (SocketException)
            {
                // Under way; the last ones stay so.
            }
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await PassableAsync();
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                var line = new FaultyLine(this, client, _port);
                _lines[line] = CarryAsync(line);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(FaultyLine line)
    {
        await Task.Yield();
        await line.CarryAsync();
        _lines.TryRemove(line, out _);
    }
}
