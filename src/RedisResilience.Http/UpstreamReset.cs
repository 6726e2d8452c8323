namespace RedisResilience.Http;

/// <summary>How an API writes the time at which its quota starts again.</summary>
public enum UpstreamReset
{
    /// <summary>Seconds from now, or a Unix time if the number is at least 10^9.</summary>
    SecondsOrUnixTime = 0,

    /// <summary>Seconds from now.</summary>
    Seconds = 1,

    /// <summary>Seconds since 1970.</summary>
    UnixTime = 2,

    /// <summary>Milliseconds since 1970.</summary>
    UnixMilliseconds = 3,

    /// <summary>An HTTP date.</summary>
    Date = 4,
}
