namespace RedisResilience.Mongo;

/// <summary>
/// Thrown when MongoDB has failed several times in a row, so that calls are not sent for a moment. The inner exception is its last failure.
/// </summary>
public sealed class MongoUnavailableException : Exception
{
    /// <summary>Makes the exception.</summary>
    public MongoUnavailableException()
        : this("MongoDB is not available.")
    {
    }

    /// <summary>MongoDB is left alone.</summary>
    /// <param name="message">Says so.</param>
    public MongoUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>MongoDB is left alone.</summary>
    /// <param name="message">Says so.</param>
    /// <param name="innerException">Its last failure.</param>
    public MongoUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>How long until MongoDB is asked again. Zero when another call is asking it now.</summary>
    public TimeSpan RetryAfter { get; init; }
}
