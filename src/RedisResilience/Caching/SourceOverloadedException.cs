namespace RedisResilience.Caching;

/// <summary>
/// Thrown when the source is overloaded: too many loads run and wait, so this load did not start, and there is no stale entry to serve
/// instead.
/// </summary>
public sealed class SourceOverloadedException : Exception
{
    /// <summary>Makes the exception.</summary>
    public SourceOverloadedException()
        : this("The source is overloaded: too many loads are under way. Try again later.")
    {
    }

    /// <summary>An overload of the source.</summary>
    /// <param name="message">Says so.</param>
    public SourceOverloadedException(string message)
        : base(message)
    {
    }

    /// <summary>An overload of the source.</summary>
    /// <param name="message">Says so.</param>
    /// <param name="innerException">What it comes from.</param>
    public SourceOverloadedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
