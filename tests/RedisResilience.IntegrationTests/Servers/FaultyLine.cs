using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace RedisResilience.IntegrationTests.Servers;

/// <summary>One connection through a <see cref="FaultyNetwork"/>. As on a real line, much can be under way at once.</summary>
internal sealed class FaultyLine(FaultyNetwork network, TcpClient near, int port)
{
    // Enough for a client to connect and to ask a little.
    private const int RepliesBeforeTheCut = 4096;

    private volatile bool _isDead;
    private long _replied;

    /// <summary>From now on it leads nowhere.</summary>
    public void Deaden() => _isDead = true;

    public async Task CarryAsync()
    {
        using var here = near;
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, port, network.End);
            near.NoDelay = far.NoDelay = true;
            var (requests, replies) = (CarryAsync(
                near.GetStream(), far.GetStream(), isReply: false), CarryAsync(far.GetStream(), near.GetStream(), isReply: true));
            await Task.WhenAny(requests, replies);

            // A dead line stays open on the client's side, whatever the server does.
            if (_isDead)
            {
                await requests;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test is over, or there is no server: closing both ends says so.
        }
    }

    private async Task CarryAsync(NetworkStream from, NetworkStream to, bool isReply)
    {
        var underWay = Channel.CreateUnbounded<(long Sent, byte[] Bytes)>();
        var arriving = ArriveAsync(underWay.Reader, to, isReply);
        try
        {
            var buffer = new byte[65536];
            int read;
            while ((read = await from.ReadAsync(buffer, network.End)) > 0)
            {
                // A line that has swallowed something can never be right again.
                _isDead |= network.Fault == NetworkFault.NeverAnswers;
                if (!_isDead)
                {
                    underWay.Writer.TryWrite((Stopwatch.GetTimestamp(), buffer[..read]));
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // As above, or the other direction has ended first and closed both.
        }

        underWay.Writer.Complete();
        await arriving;
    }

    private async Task ArriveAsync(ChannelReader<(long Sent, byte[] Bytes)> underWay, NetworkStream to, bool isReply)
    {
        try
        {
            await foreach (var (sent, bytes) in underWay.ReadAllAsync(network.End))
            {
                await network.PassableAsync();
                await WaitAsync(sent);
                if (_isDead)
                {
                    continue;
                }

                if (isReply)
                {
                    await ReplyAsync(bytes, to);
                }
                else
                {
                    await to.WriteAsync(bytes, network.End);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // As above.
        }
    }

    private async Task WaitAsync(long sent)
    {
        var oneWay = network.Fault switch
        {
            NetworkFault.Latency100 => TimeSpan.FromMilliseconds(50),
            NetworkFault.Latency1000 => TimeSpan.FromMilliseconds(500),
            _ => TimeSpan.Zero,
        };
        while (oneWay - Stopwatch.GetElapsedTime(sent) is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest, TimeProvider.System, network.End);
        }
    }

    private async Task ReplyAsync(byte[] bytes, NetworkStream to)
    {
        _replied += bytes.Length;
        switch (network.Fault)
        {
            case NetworkFault.CutMidReply when _replied > RepliesBeforeTheCut:
                await to.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), network.End);
                near.Client.Close(0);
                break;
            case NetworkFault.Garbage:
                await to.WriteAsync("\u0001@#!\r\n?\0"u8.ToArray(), network.End);
                break;
            case NetworkFault.OneByteAtATime:
                for (var index = 0; index < bytes.Length; index++)
                {
                    await to.WriteAsync(bytes.AsMemory(index, 1), network.End);
                }

                break;
            default:
                await to.WriteAsync(bytes, network.End);
                break;
        }
    }
}
