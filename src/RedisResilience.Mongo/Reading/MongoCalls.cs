using MongoDB.Driver;

namespace RedisResilience.Mongo.Reading;

/// <summary>Calls of MongoDB: none takes longer than the deadline, and none is made while MongoDB is left alone.</summary>
internal sealed class MongoCalls(TimeProvider time, TimeSpan deadline, MongoBreaker breaker)
{
    /// <exception cref="TimeoutException">No answer within the deadline.</exception>
    /// <exception cref="MongoUnavailableException">MongoDB is left alone.</exception>
    public async ValueTask<TResult> RunAsync<TState, TResult>(
        TState state, Func<TState, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
    {
        breaker.Enter();
        using var timeout = new CancellationTokenSource(deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var result = await call(state, either.Token).ConfigureAwait(false);
            breaker.Succeed();
            return result;
        }
        catch (OperationCanceledException cancelled) when (!cancellationToken.IsCancellationRequested)
        {
            var late = new TimeoutException($"MongoDB did not answer within {deadline}.", cancelled);
            breaker.Fail(late);
            throw late;
        }
        catch (OperationCanceledException)
        {
            breaker.Abandon();
            throw;
        }
        catch (Exception failure)
        {
            Record(failure);
            throw;
        }
    }

    private void Record(Exception failure)
    {
        var isAway = failure is TimeoutException or MongoConnectionException or MongoConnectionPoolPausedException or MongoNotPrimaryException
            or MongoNodeIsRecoveringException or MongoExecutionTimeoutException or MongoWaitQueueFullException;
        if (isAway)
        {
            breaker.Fail(failure);
        }
        else
        {
            breaker.Succeed();
        }
    }
}
