namespace RedisResilience.Diagnostics;

/// <summary>Says whether Redis is in use, and if not, why: for health checks, dashboards and tests.</summary>
public interface IRedisStatus
{
    /// <summary>The status now. Costs no round trip.</summary>
    RedisStatus Current { get; }

    /// <summary>
    /// Waits until Redis is in use. Returns at once when no Redis is configured. Use it in tests, and in a program that should wait for
    /// Redis before it starts its work.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task WaitUntilAvailableAsync(CancellationToken cancellationToken = default);
}
