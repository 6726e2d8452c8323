namespace RedisResilience.Diagnostics;

/// <summary>Whether Redis is in use.</summary>
public enum RedisAvailability
{
    /// <summary>No Redis is configured: the services are the no-ops.</summary>
    NotConfigured = 0,

    /// <summary>The first connection is being made. Calls go on without Redis.</summary>
    Connecting = 1,

    /// <summary>Redis is in use.</summary>
    Available = 2,

    /// <summary>Redis is away. Calls go on without it, until it is back.</summary>
    Unavailable = 3,
}
