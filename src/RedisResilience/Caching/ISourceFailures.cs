namespace RedisResilience.Caching;

/// <summary>
/// Knows which exceptions mean that a source of truth does not answer at the moment, and that asking again later may help. Adapters of
/// sources are among the services by it; whoever answers requests asks all of them, and needs to know none of the sources.
/// </summary>
public interface ISourceFailures
{
    /// <summary>When to ask again.</summary>
    /// <param name="exception">Thrown by whoever asked the source.</param>
    /// <returns>How long from now, zero or more; null when the exception means something else.</returns>
    TimeSpan? RetryAfter(Exception exception);
}
