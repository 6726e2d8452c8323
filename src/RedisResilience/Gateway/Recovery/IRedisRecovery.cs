namespace RedisResilience.Gateway.Recovery;

/// <summary>The recovery after an outage, for code whose state an outage makes doubtful.</summary>
internal interface IRedisRecovery
{
    /// <summary>How often Redis has come into use. Knowledge from another generation may miss a change in between.</summary>
    long Generation { get; }

    /// <summary>Adds a step for as long as the application lives.</summary>
    void Add(IRecoveryStep step);
}
