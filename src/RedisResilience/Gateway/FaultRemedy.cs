namespace RedisResilience.Gateway;

/// <summary>What the library does about a fault, in addition to the probe.</summary>
internal enum FaultRemedy
{
    /// <summary>Nothing helps but time.</summary>
    Wait,

    /// <summary>New connections are made until one of them gets an answer.</summary>
    Reconnect,

    /// <summary>As before, where the application gives each connection its login: the next one may have another.</summary>
    LogInAnew,

    /// <summary>The client looks for the primary again.</summary>
    FindPrimary,
}
