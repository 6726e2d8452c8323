namespace RedisResilience.Mongo.Reading;

/// <summary>
/// Says which failures are temporary, because MongoDB does not answer at the moment. All other failures are errors that somebody must
/// correct.
/// </summary>
internal sealed class MongoFailures : ISourceFailures
{
    // A primary that steps down, and routers that do not reach their shards.
    private static readonly HashSet<int> Passing = [6, 7, 63, 89, 91, 133, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436];
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    public static bool IsAway(Exception failure) => failure switch
    {
        // Refused, and not lost: a wrong password stays wrong.
        MongoAuthenticationException { InnerException: MongoCommandException refused } => IsAway(refused),
        MongoWriteException { WriteConcernError: { } unacknowledged } => Passing.Contains(unacknowledged.Code),
        MongoCommandException refused =>
            failure is MongoNotPrimaryException or MongoNodeIsRecoveringException || Passing.Contains(refused.Code),
        _ => failure is TimeoutException or MongoUnavailableException or MongoConnectionException or MongoConnectionPoolPausedException
            or MongoExecutionTimeoutException or MongoWaitQueueFullException or MongoCursorNotFoundException,
    };

    public TimeSpan? RetryAfter(Exception exception) =>
        exception is MongoUnavailableException { RetryAfter: var left } && left > Moment ? left
        : IsAway(exception) || (exception is MongoException && !IsRefusal(exception)) ? Moment
        : null;

    private static bool IsRefusal(Exception failure) =>
        failure is MongoServerException or MongoConfigurationException or MongoAuthenticationException or MongoIncompatibleDriverException;
}
