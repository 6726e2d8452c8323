namespace RedisResilience.Diagnostics;

/// <summary>How this process learns that an entry which its local tier keeps has changed in Redis.</summary>
public enum LocalTierMode
{
    /// <summary>There is no local tier.</summary>
    Off = 0,

    /// <summary>The local tier is empty and keeps nothing: Redis is away, or the connection that tells of changes is being made.</summary>
    Suspended = 1,

    /// <summary>Nobody tells of changes: copies are kept until <see cref="LocalTierOptions.MaximumStaleness"/> is over.</summary>
    TimeToLiveAlone = 2,

    /// <summary>The processes of this application tell each other, by <c>PUBLISH</c>. What other programs change is not told.</summary>
    Messages = 3,

    /// <summary>The server tells of every change, by any program: <c>CLIENT TRACKING</c> in broadcasting mode.</summary>
    Tracking = 4,
}
