namespace RedisResilience.Mongo.Reading;

/// <summary>Calls MongoDB. No call takes longer than the deadline, and no call is made while the breaker is open.</summary>
internal sealed class MongoCalls(TimeProvider time, TimeSpan deadline, int failureThreshold, ILogger logger)
{
    private readonly MongoBreaker _breaker = new(time, failureThreshold, logger);

    public TimeSpan Deadline => deadline;

    /// <exception cref="TimeoutException">No answer within the deadline.</exception>
    /// <exception cref="MongoUnavailableException">MongoDB is left alone.</exception>
    public async ValueTask<TResult> RunAsync<TState, TResult>(
        TState state, Func<TState, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
    {
        _breaker.Enter();
        using var timeout = new CancellationTokenSource(deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var result = await call(state, either.Token).ConfigureAwait(false);
            _breaker.Succeed();
            return result;
        }
        catch (OperationCanceledException cancelled) when (!cancellationToken.IsCancellationRequested)
        {
            var late = new TimeoutException($"MongoDB did not answer within {deadline}.", cancelled);
            _breaker.Fail(late);
            throw late;
        }
        catch (OperationCanceledException)
        {
            _breaker.Abandon();
            throw;
        }
        catch (Exception failure) when (MongoFailures.IsAway(failure))
        {
            _breaker.Fail(failure);
            throw;
        }
        catch
        {
            _breaker.Succeed();
            throw;
        }
    }
}
