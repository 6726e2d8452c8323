namespace RedisResilience.Diagnostics;

/// <summary>Tells whether Redis is in use, and why not: for health checks, dashboards and tests.</summary>
public interface IRedisStatus
{
    /// <summary>How things stand now. Costs no round trip.</summary>
    RedisStatus Current { get; }

    /// <summary>
    /// Waits until Redis is in use; not at all when none is configured. For a program that would rather start late than without Redis, and
    /// for tests.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task WaitUntilAvailableAsync(CancellationToken cancellationToken = default);
}
