namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>What a fault shall do to the library, and no more than that.</summary>
internal enum ChaosEffect
{
    /// <summary>Redis is not in use until the fault is over.</summary>
    Outage,

    /// <summary>The fault comes and goes so quickly, or concerns so little, that Redis may or may not be out of use meanwhile.</summary>
    Disturbance,

    /// <summary>Redis stays in use; what it refuses goes on without it.</summary>
    Refusal,
}
