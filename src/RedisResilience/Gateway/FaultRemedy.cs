namespace RedisResilience.Gateway;

/// <summary>What the library does about a fault, in addition to the probe.</summary>
internal enum FaultRemedy
{
    /// <summary>Nothing helps but time.</summary>
    Wait,

    /// <summary>Connections are made anew, until one of them is answered.</summary>
    Reconnect,

    /// <summary>As before, where the application gives each connection its login: the next one may have another.</summary>
    LogInAnew,

    /// <summary>The client looks again who is the primary.</summary>
    FindPrimary,
}
