using System.Net.Sockets;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>A connection: one command after the other, as the protocol wants it.</summary>
internal sealed class WireConnection(Socket socket, WireReplicaSet set, WireMember member) : IDisposable
{
    private readonly CancellationTokenSource _cut = new();

    /// <summary>Cuts it, perhaps before it is served: what is done with it then says that it is closed.</summary>
    public void Cut()
    {
        _cut.Cancel();
        socket.Close();
    }

    public void Dispose() => _cut.Dispose();

    public async Task ServeAsync()
    {
        try
        {
            socket.NoDelay = true;
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            while (await WireMessage.ReadAsync(stream, _cut.Token) is { } message && await AnswerAsync(stream, message))
            {
            }
        }
        catch (Exception ended) when (
            ended is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // Cut, by this side or the other.
        }
        finally
        {
            socket.Close();
        }
    }

    private async Task<bool> AnswerAsync(NetworkStream stream, WireMessage message)
    {
        var name = message.Command.GetElement(0).Name;
        var fault = set.Faults.Take(name);
        if (fault == Fault.CutBefore)
        {
            return false;
        }

        if (fault == Fault.Hang)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _cut.Token);
        }

        var reply = await set.ExecuteAsync(message.Command, member, fault, _cut.Token);
        if (fault == Fault.CutAfter)
        {
            return false;
        }

        if (!message.WantsNoReply)
        {
            await stream.WriteAsync(message.Reply(reply), _cut.Token);
        }

        return true;
    }
}
