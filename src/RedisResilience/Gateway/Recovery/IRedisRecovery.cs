namespace RedisResilience.Gateway.Recovery;

/// <summary>The way back after an outage, for those who keep something that an outage makes doubtful.</summary>
internal interface IRedisRecovery
{
    /// <summary>How often Redis has come into use. What was learnt under another number may have missed a change in between.</summary>
    long Generation { get; }

    /// <summary>Adds a step for as long as the application lives.</summary>
    void Add(IRecoveryStep step);
}
