namespace RedisResilience.Mongo.Reading;

/// <summary>
/// Stops calls of MongoDB after some failures in a row, for a time that doubles with each failure. After that time one call tries MongoDB.
/// Until it has succeeded, the other calls fail at once.
/// </summary>
internal sealed class MongoBreaker(TimeProvider time, int failureThreshold, ILogger logger)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private int _failures;
    private long _openedAt;
    private TimeSpan _openFor;
    private bool _isOnTrial;
    private Exception? _lastFailure;

    /// <summary>Before a call.</summary>
    /// <exception cref="MongoUnavailableException">It is not to be made.</exception>
    public void Enter()
    {
        if (Volatile.Read(ref _failures) < failureThreshold)
        {
            return;
        }

        lock (_lock)
        {
            var left = _openFor - time.GetElapsedTime(_openedAt);
            if (_failures >= failureThreshold && (_isOnTrial || left > TimeSpan.Zero))
            {
                throw new MongoUnavailableException(
                    "MongoDB has failed several times in a row and is left alone for a moment.", _lastFailure)
                {
                    RetryAfter = left > TimeSpan.Zero ? left : TimeSpan.Zero,
                };
            }

            _isOnTrial = true;
        }
    }

    /// <summary>Called after a call that MongoDB answered, even with an error.</summary>
    public void Succeed()
    {
        if (Volatile.Read(ref _failures) == 0)
        {
            return;
        }

        lock (_lock)
        {
            if (_failures >= failureThreshold)
            {
                Log.MongoIsBack(logger);
            }

            (_failures, _isOnTrial, _lastFailure, _openFor) = (0, false, null, TimeSpan.Zero);
        }
    }

    /// <summary>Called after a call that MongoDB did not answer.</summary>
    public void Fail(Exception failure)
    {
        lock (_lock)
        {
            _lastFailure = failure;
            if (++_failures >= failureThreshold && (_isOnTrial || _failures == failureThreshold))
            {
                _openFor = _openFor == TimeSpan.Zero ? Shortest : TimeSpan.FromTicks(Math.Min(Longest.Ticks, 2 * _openFor.Ticks));
                _openedAt = time.GetTimestamp();
                if (_failures == failureThreshold)
                {
                    Log.MongoIsAway(logger, failure);
                }

                _isOnTrial = false;
            }
        }
    }

    /// <summary>Called after a call that its caller cancelled. It says nothing about MongoDB.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            _isOnTrial = false;
        }
    }
}
