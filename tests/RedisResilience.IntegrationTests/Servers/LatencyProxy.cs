using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace RedisResilience.IntegrationTests.Servers;

/// <summary>A long line to a server near by: what is sent arrives as it is, half a round trip later. As on a real line, much can be under
/// way at once.</summary>
internal sealed class LatencyProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _port;
    private readonly TimeSpan _oneWay;
    private readonly Task _accepting;

    public LatencyProxy(int port, TimeSpan roundTrip)
    {
        _port = port;
        _oneWay = roundTrip / 2;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string ConnectionString => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> lines = [];
        try
        {
            while (true)
            {
                lines.Add(ConnectAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(lines);
        }
    }

    private async Task ConnectAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _port, _end.Token);
            near.NoDelay = far.NoDelay = true;
            await Task.WhenAny(CarryAsync(near.GetStream(), far.GetStream()), CarryAsync(far.GetStream(), near.GetStream()));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test is over, or the server is: closing both ends says so.
        }
    }

    private async Task CarryAsync(NetworkStream from, NetworkStream to)
    {
        var underWay = Channel.CreateUnbounded<(long Sent, byte[] Bytes)>();
        var arriving = ArriveAsync(underWay.Reader, to);
        try
        {
            var buffer = new byte[65536];
            int read;
            while ((read = await from.ReadAsync(buffer, _end.Token)) > 0)
            {
                underWay.Writer.TryWrite((Stopwatch.GetTimestamp(), buffer[..read]));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // As above.
        }

        underWay.Writer.Complete();
        await arriving;
    }

    private async Task ArriveAsync(ChannelReader<(long Sent, byte[] Bytes)> underWay, NetworkStream to)
    {
        try
        {
            await foreach (var (sent, bytes) in underWay.ReadAllAsync(_end.Token))
            {
                while (_oneWay - Stopwatch.GetElapsedTime(sent) is { Ticks: > 0 } rest)
                {
                    await Task.Delay(rest, TimeProvider.System, _end.Token);
                }

                await to.WriteAsync(bytes, _end.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // As above.
        }
    }
}
