namespace RedisResilience.Diagnostics;

/// <summary>Tells whether Redis is in use, and why not: for health checks, dashboards and tests.</summary>
public interface IRedisStatus
{
    /// <summary>The status now. Costs no round trip.</summary>
    RedisStatus Current { get; }

    /// <summary>
    /// Waits until Redis is in use, and returns at once when none is configured. For tests, and for a program that would rather start late
    /// than without Redis.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task WaitUntilAvailableAsync(CancellationToken cancellationToken = default);
}
