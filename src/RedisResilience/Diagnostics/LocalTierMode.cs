namespace RedisResilience.Diagnostics;

/// <summary>How this process learns that an entry which its local tier keeps has changed in Redis.</summary>
public enum LocalTierMode
{
    /// <summary>There is no local tier.</summary>
    Off = 0,

    /// <summary>
    /// The local tier is empty and keeps nothing, because Redis is away, or because the connection for notifications is being made.
    /// </summary>
    Suspended = 1,

    /// <summary>
    /// There are no notifications of changes: copies are kept until <see cref="LocalTierOptions.MaximumStaleness"/> is over.
    /// </summary>
    TimeToLiveAlone = 2,

    /// <summary>
    /// The processes of this application notify each other by <c>PUBLISH</c>. Changes by other programs are not reported.
    /// </summary>
    Messages = 3,

    /// <summary>The server reports every change by any program: <c>CLIENT TRACKING</c> in broadcasting mode.</summary>
    Tracking = 4,
}
