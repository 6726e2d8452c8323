namespace RedisResilience.Gateway.Recovery;

/// <summary>A repair in Redis that runs before Redis is used again, such as repeating the removals of an outage.</summary>
internal interface IRecoveryStep
{
    /// <summary>
    /// Called by the background probe: each time that Redis answers it while the circuit is open, and once more right after it has closed,
    /// for what has come up meanwhile. Never twice at once.
    /// </summary>
    /// <param name="redis">A gateway that sends although the circuit is open. Each call may take the maximum command deadline.</param>
    /// <returns>
    /// Whether Redis may be used now. After false or an exception, the circuit stays open, and the step runs again with the next probe.
    /// </returns>
    ValueTask<bool> RunAsync(IRedisGateway redis);
}
