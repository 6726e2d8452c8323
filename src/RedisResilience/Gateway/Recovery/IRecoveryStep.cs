namespace RedisResilience.Gateway.Recovery;

/// <summary>A repair in Redis that runs before Redis is used again, such as repeating the removals of an outage.</summary>
internal interface IRecoveryStep
{
    /// <summary>
    /// Called by the background probe: each time that Redis answers it while the circuit is open, and once more right after it has closed,
    /// for what has come up meanwhile. Never twice at once.
    /// </summary>
    /// <param name="redis">Sends although the circuit is open; each call may take the maximum command deadline.</param>
    /// <returns>Whether Redis may be trusted now. False, like an exception, leaves the circuit open until the step is asked again with the
    /// next probe.</returns>
    ValueTask<bool> RunAsync(IRedisGateway redis);
}
