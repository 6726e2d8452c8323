namespace RedisResilience.IntegrationTests.Outages;

/// <summary>The ways in which a running Redis goes away.</summary>
public enum Outage
{
    /// <summary>SIGKILL, and later a new, empty server on the same port.</summary>
    Killed,

    /// <summary>SIGSTOP, and later SIGCONT: the connection stays, nothing is answered.</summary>
    Frozen,

    /// <summary>SIGSTOP for so long that the client gives the connection up.</summary>
    FrozenForLong,

    /// <summary>Started again with a password that the application does not have, and later without.</summary>
    PasswordChanged,
}
