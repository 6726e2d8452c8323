using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;
using RedisResilience.Gateway.Commands;
using RedisResilience.Pooling;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Calls;

/// <summary>A pending command as a <see cref="ValueTask{T}"/>, pooled: waiting allocates nothing beyond the client's own task.</summary>
internal sealed class CommandCall<TCommand, TReply, TValue> : PendingCall, IValueTaskSource<Answer<TValue>>
    where TCommand : struct, IRedisCommand<TReply, TValue>
{
    private readonly Action _onReply;
    private ManualResetValueTaskSourceCore<Answer<TValue>> _source;
    private Task<TReply>? _reply;
    private PendingCalls? _calls;
    private ICallObserver? _observer;
    private CancellationTokenRegistration _cancellation;
    private TCommand _command;
    private IDatabase? _database;

    private CommandCall() => _onReply = OnReply;

    /// <summary>Waits until the deadline. The caller sees an answer or a fault, and an exception only for its own cancellation.</summary>
    public static ValueTask<Answer<TValue>> WaitAsync(
        in TCommand command, IDatabase database, Task<TReply> reply, PendingCalls calls, ICallObserver observer, long expiresAt,
        CancellationToken cancellationToken)
    {
        IDatabase? other = database;
        if (reply.IsCompleted && !reply.IsCompletedSuccessfully && SendAgain(command, reply, database) is { } again)
        {
            (reply, other) = (again, null);
        }

        if (reply.IsCompleted)
        {
            return new ValueTask<Answer<TValue>>(Read(reply, observer));
        }

        var call = ObjectPool<CommandCall<TCommand, TReply, TValue>>.TryTake() ?? new CommandCall<TCommand, TReply, TValue>();
        call._command = command;
        call._database = other;
        call._reply = reply;
        call._calls = calls;
        call._observer = observer;
        var result = new ValueTask<Answer<TValue>>(call, call._source.Version);
        calls.Add(call, expiresAt);
        call._cancellation = cancellationToken.UnsafeRegister(
            static (state, token) => ((CommandCall<TCommand, TReply, TValue>)state!).Cancel(token), call);
        reply.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(call._onReply);
        return result;
    }

    /// <summary>The deadline is over.</summary>
    public override void Execute()
    {
        _observer!.OnFault(Fault.DeadlineExceeded, TCommand.Name);
        _source.SetResult(new Answer<TValue>(Fault.DeadlineExceeded));
    }

    Answer<TValue> IValueTaskSource<Answer<TValue>>.GetResult(short token)
    {
        // Throws for a cancelled call, and for whoever awaits twice: neither may put the call back into the pool.
        var answer = _source.GetResult(token);

        // A call that ended before its reply is left to the collector: the reply will still come and look for it.
        if (Ended == Outcome.Replied)
        {
            Recycle();
        }

        return answer;
    }

    ValueTaskSourceStatus IValueTaskSource<Answer<TValue>>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<Answer<TValue>>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private static Answer<TValue> Read(Task<TReply> reply, ICallObserver observer)
    {
        if (!reply.IsCompletedSuccessfully)
        {
            var fault = FaultClassifier.Classify(reply.Exception);
            observer.OnFault(fault, RefusedCommand.Of(reply.Exception, TCommand.Name));
            return new Answer<TValue>(fault);
        }

        observer.OnAnswered();
        if (TCommand.TryRead(reply.Result, out var value))
        {
            return new Answer<TValue>(value);
        }

        observer.OnFault(Fault.UnexpectedReply, TCommand.Name);
        return new Answer<TValue>(Fault.UnexpectedReply);
    }

    // This runs on the pool, where an exception would end the process. Whatever a reply does to its reader, it only cannot be read.
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The caller gets a fault instead.")]
    private static Answer<TValue> ReadSafely(Task<TReply> reply, ICallObserver observer)
    {
        try
        {
            return Read(reply, observer);
        }
        catch (Exception)
        {
            return new Answer<TValue>(Fault.UnexpectedReply);
        }
    }

    // As above, nothing may be thrown here.
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "It has failed as it had before.")]
    private static Task<TReply>? SendAgain(in TCommand command, Task<TReply> failed, IDatabase database)
    {
        try
        {
            return command.SendAgainAfter(failed.Exception, database);
        }
        catch (Exception)
        {
            return null;
        }
    }

    // Once, and within the same time; nobody waits for the first reply any more.
    private bool TrySendAgain()
    {
        if (_database is not { } database || _reply!.IsCompletedSuccessfully || Ended != Outcome.Pending)
        {
            return false;
        }

        _database = null;
        if (SendAgain(_command, _reply, database) is not { } again)
        {
            return false;
        }

        _reply = again;
        _reply.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_onReply);
        return true;
    }

    private void OnReply()
    {
        if (TrySendAgain())
        {
            return;
        }

        if (TryEnd(Outcome.Replied))
        {
            _calls!.Remove(this);
            _cancellation.Dispose();
            _source.SetResult(ReadSafely(_reply!, _observer!));
            return;
        }

        // A token may live as long as the application, and would keep the call alive with it.
        _cancellation.Unregister();
        if (_reply!.IsCompletedSuccessfully)
        {
            _command.Discard(_reply.Result, isCancelled: Ended == Outcome.Cancelled);
        }
        else
        {
            // Looked at, so that nobody hears of it as an unobserved exception.
            _ = _reply.Exception;
        }
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        if (TryEnd(Outcome.Cancelled))
        {
            _calls!.Remove(this);
            _source.SetException(new OperationCanceledException(cancellationToken));
        }
    }

    private void Recycle()
    {
        // What waits in the pool keeps nothing alive: a connection that was closed would stay in memory with all that it holds.
        _source.Reset();
        _reply = null;
        _calls = null;
        _observer = null;
        _command = default;
        _database = null;
        _cancellation = default;
        Renew();
        ObjectPool<CommandCall<TCommand, TReply, TValue>>.Put(this);
    }
}
