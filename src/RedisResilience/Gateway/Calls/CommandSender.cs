using RedisResilience.Gateway.Commands;
using RedisResilience.Gateway.Connection;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Calls;

/// <summary>Sends a command and waits for its reply until a deadline.</summary>
internal sealed class CommandSender(IRedisConnection connection, TimeProvider timeProvider, int maximumCallsInFlight = CommandSender.DefaultMaximumCallsInFlight) : IDisposable
{
    // At a deadline of 250 ms this is 32,000 calls a second into a server that has stopped answering.
    private const int DefaultMaximumCallsInFlight = 8192;

    private readonly PendingCalls _calls = new(timeProvider, maximumCallsInFlight);

    public ValueTask<Answer<TValue>> SendAsync<TCommand, TReply, TValue>(
        TCommand command, TimeSpan deadline, ICallObserver observer, CancellationToken cancellationToken)
        where TCommand : struct, IRedisCommand<TReply, TValue>
    {
        if (_calls.IsFull)
        {
            return new ValueTask<Answer<TValue>>(new Answer<TValue>(Fault.TooManyCalls));
        }

        if (connection.Database is not { } database)
        {
            return new ValueTask<Answer<TValue>>(new Answer<TValue>(Fault.ConnectionFailed));
        }

        var expiresAt = timeProvider.GetTimestamp() + (long)(deadline.TotalSeconds * timeProvider.TimestampFrequency);
        Task<TReply> reply;
        try
        {
            reply = command.SendAsync(database);
        }
        catch (Exception exception) when (exception is RedisException or RedisCommandException or ObjectDisposedException or TimeoutException)
        {
            reply = Task.FromException<TReply>(exception);
        }

        return CommandCall<TCommand, TReply, TValue>.WaitAsync(reply, _calls, observer, expiresAt, cancellationToken);
    }

    public void Dispose() => _calls.Dispose();
}
