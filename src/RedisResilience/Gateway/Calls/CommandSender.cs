using System.Diagnostics.CodeAnalysis;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway.Commands;
using RedisResilience.Gateway.Connection;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Calls;

/// <summary>Sends a command and waits for its reply until a deadline.</summary>
internal sealed class CommandSender(IRedisConnection connection, TimeProvider timeProvider,
    int maximumCallsInFlight = CommandSender.DefaultMaximumCallsInFlight) : IDisposable
{
    // At a deadline of 250 ms this is 32,000 calls a second into a server that has stopped answering.
    private const int DefaultMaximumCallsInFlight = 8192;

    // What waits here is memory: a thousand bodies of 32 KB.
    private const int MaximumBytesInFlight = 32 * 1024 * 1024;

    private readonly PendingCalls _calls = new(timeProvider, maximumCallsInFlight);
    private readonly BodiesInFlight _bodies = new(MaximumBytesInFlight);

    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types",
        Justification = "Whatever the client throws, its caller gets a fault instead.")]
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
            return new ValueTask<Answer<TValue>>(new Answer<TValue>(connection.Trouble));
        }

        var bodySize = command is IWriteCommand write ? write.BodySize : 0;
        if (bodySize > 0 && !_bodies.TryEnter(bodySize))
        {
            return new ValueTask<Answer<TValue>>(new Answer<TValue>(Fault.TooManyCalls));
        }

        var expiresAt = timeProvider.GetTimestamp() + (long)(deadline.TotalSeconds * timeProvider.TimestampFrequency);
        Task<TReply> reply;
        try
        {
            reply = command.SendAsync(database);
        }
        catch (Exception exception)
        {
            reply = Task.FromException<TReply>(exception);
        }

        if (bodySize > 0)
        {
            CommandMetrics.RecordSent(bodySize);

            // Not at the deadline: until the reply has come, or the client has given it up, the client still holds the body.
            _ = LeaveAsync(reply, bodySize);
        }

        return CommandCall<TCommand, TReply, TValue>.WaitAsync(command, database, reply, _calls, observer, expiresAt, cancellationToken);
    }

    /// <summary>Completes when no call waits for its reply any more.</summary>
    public Task WhenEndedAsync() => _calls.WhenEndedAsync();

    public void Dispose() => _calls.Dispose();

    private async Task LeaveAsync(Task reply, int bodySize)
    {
        await reply.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _bodies.Leave(bodySize);
    }
}
