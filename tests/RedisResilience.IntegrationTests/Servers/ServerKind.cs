namespace RedisResilience.IntegrationTests.Servers;

/// <summary>The servers that the tests run on.</summary>
public enum ServerKind
{
    /// <summary>redis-server, where it is on PATH; in CI it must be. Or whatever REDISRESILIENCE_SERVER names.</summary>
    Redis,

    /// <summary>Garnet, the .NET tool of this repository: everywhere.</summary>
    Garnet,
}
