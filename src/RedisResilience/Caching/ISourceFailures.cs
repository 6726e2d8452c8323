namespace RedisResilience.Caching;

/// <summary>
/// Says which exceptions mean that a source is temporarily not available. The adapter of a source registers an implementation as a service.
/// The code that answers requests asks all implementations, so it needs no knowledge of the sources.
/// </summary>
public interface ISourceFailures
{
    /// <summary>Says when to try again.</summary>
    /// <param name="exception">The exception of a call to the source.</param>
    /// <returns>The time from now until the next try, zero or more. Null when the exception has another meaning.</returns>
    TimeSpan? RetryAfter(Exception exception);
}
