using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>One member of the replica set: a listener on a port of its own.</summary>
internal sealed class WireMember(WireReplicaSet set) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<WireConnection, Task> _connections = new();
    private TcpListener? _listener;
    private long _heard;
    private Task _accepting = Task.CompletedTask;

    public int Port { get; private set; }

    public string Host => $"127.0.0.1:{Port}";

    /// <summary>How far it is in the history of the set.</summary>
    public MemberProgress Progress { get; } = new();

    /// <summary>The newest time that it has heard of, from whomever. Under the store's lock.</summary>
    public long ClusterTime => Math.Max(_heard, Progress.Applied);

    public int ConnectionCount => _connections.Count;

    /// <summary>A client tells of a time that it has seen. Under the store's lock.</summary>
    public void Hear(long time) => _heard = Math.Max(_heard, time);

    public void Start()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>All connections are cut, and new ones are refused.</summary>
    public async Task StopAsync()
    {
        _listener?.Stop();
        await _accepting.WaitAsync(Patience);
        CutConnections();
        await Task.WhenAll(_connections.Values).WaitAsync(Patience);
    }

    public void CutConnections()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Cut();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var connection = new WireConnection(await listener.AcceptSocketAsync(), set, this);
                _connections[connection] = Task.Run(() => ServeAsync(connection));
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It no longer listens.
        }
    }

    private async Task ServeAsync(WireConnection connection)
    {
        await connection.ServeAsync();
        _connections.TryRemove(connection, out _);
    }
}
