namespace RedisResilience.Mongo;

/// <summary>
/// MongoDB has failed several times in a row and is left alone for a moment: this call was not sent. The inner exception is its last
/// failure.
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
