using System.Runtime.CompilerServices;
using RedisResilience.Diagnostics;

namespace RedisResilience.Gateway.Calls;

/// <summary>A call whose time is measured because a listener wants it. Other calls do not use this class.</summary>
internal static class MeasuredCall
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<Answer<TValue>> AwaitAsync<TCommand, TReply, TValue>(
        CommandSender sender,
        TCommand command,
        TimeSpan deadline,
        ICallObserver observer,
        TimeProvider timeProvider,
        ServerIdentity server,
        CancellationToken cancellationToken)
        where TCommand : struct, Commands.IRedisCommand<TReply, TValue>
    {
        var activity = CommandMetrics.Begin(TCommand.Name, server);
        var started = timeProvider.GetTimestamp();
        var (error, statusCode) = ((string?)nameof(OperationCanceledException), (string?)null);
        try
        {
            var answer = await sender.SendAsync<TCommand, TReply, TValue>(
                command, deadline, observer, cancellationToken).ConfigureAwait(false);
            (error, statusCode) = answer.IsAnswered ? (null, null) : (answer.Fault.Name(), answer.Fault.StatusCode());
            return answer;
        }
        finally
        {
            CommandMetrics.End(activity, TCommand.Name, server, timeProvider.GetElapsedTime(started), error, statusCode);
        }
    }
}
