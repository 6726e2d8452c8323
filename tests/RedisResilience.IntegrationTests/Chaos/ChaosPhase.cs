namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>What goes on while a call begins.</summary>
internal enum ChaosPhase
{
    Healthy,
    Undetected,
    Detected,
    Recovered,
}
