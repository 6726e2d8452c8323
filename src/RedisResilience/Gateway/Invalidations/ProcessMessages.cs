using StackExchange.Redis;

namespace RedisResilience.Gateway.Invalidations;

/// <summary>
/// Notifications between processes, for servers that do not report changes themselves. A lost message is noticed by its number.
/// </summary>
internal sealed class ProcessMessages
{
    private readonly RedisChannel _channel;
    private readonly IInvalidationListener _listener;
    private readonly Action<RedisChannel, RedisValue> _onMessage;
    private readonly ulong _sender = (ulong)Random.Shared.NextInt64();
    private readonly MessageLog _log = new();
    private readonly Lock _sending = new();
    private ulong _sent;

    public ProcessMessages(string keyPrefix, IInvalidationListener listener)
    {
        _channel = RedisChannel.Literal($"{keyPrefix}redisresilience:invalidations");
        _listener = listener;
        _onMessage = (_, message) => OnMessage(message);
    }

    public async Task StartAsync(IDatabase database)
    {
        _log.Clear();
        await database.Multiplexer.GetSubscriber().ResubscribeAsync(_channel, _onMessage).ConfigureAwait(false);
    }

    /// <summary>
    /// Notifies the other processes, and waits for nothing. A process that misses the message still has its maximum staleness.
    /// </summary>
    public void Publish(IDatabase database, string key)
    {
        // Numbered and handed to the client in one step: the numbers arrive in their order.
        lock (_sending)
        {
            var message = new InvalidationMessage(_sender, ++_sent, key);
            database.Publish(_channel, message.Write(), CommandFlags.FireAndForget);
        }
    }

    private void OnMessage(RedisValue message)
    {
        if (!InvalidationMessage.TryRead(((ReadOnlyMemory<byte>)message).Span, out var read))
        {
            _listener.InvalidateAll();
        }
        else if (read.Sender != _sender)
        {
            if (!_log.Follows(read))
            {
                _listener.InvalidateAll();
            }

            _listener.Invalidate(read.Key);
        }
    }
}
