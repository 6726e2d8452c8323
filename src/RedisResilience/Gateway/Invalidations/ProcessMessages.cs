using StackExchange.Redis;

namespace RedisResilience.Gateway.Invalidations;

/// <summary>Changes as the processes tell each other: for servers that do not tell themselves. What is lost on the way is noticed by its number.</summary>
internal sealed class ProcessMessages(string keyPrefix, IInvalidationListener listener)
{
    private readonly RedisChannel _channel = RedisChannel.Literal($"{keyPrefix}redisresilience:invalidations");
    private readonly ulong _sender = (ulong)Random.Shared.NextInt64();
    private readonly MessageLog _log = new();
    private long _sent;

    public async Task StartAsync(IDatabase database)
    {
        _log.Clear();
        await database.Multiplexer.GetSubscriber().SubscribeAsync(_channel, (_, message) => OnMessage(message)).ConfigureAwait(false);
    }

    /// <summary>Tells the others, and waits for nothing: who does not hear it has its maximum staleness.</summary>
    public void Publish(IDatabase database, string key)
    {
        var message = new InvalidationMessage(_sender, (ulong)Interlocked.Increment(ref _sent), key);
        database.Publish(_channel, message.Write(), CommandFlags.FireAndForget);
    }

    private void OnMessage(RedisValue message)
    {
        if (!InvalidationMessage.TryRead(((ReadOnlyMemory<byte>)message).Span, out var read))
        {
            listener.InvalidateAll();
        }
        else if (read.Sender != _sender)
        {
            if (!_log.Follows(read))
            {
                listener.InvalidateAll();
            }

            listener.Invalidate(read.Key);
        }
    }
}
