namespace RedisResilience.Http;

/// <summary>How an API writes the time when its quota begins anew.</summary>
public enum UpstreamReset
{
    /// <summary>Seconds from now on, or a Unix time: a number from 10^9 on is one.</summary>
    SecondsOrUnixTime = 0,

    /// <summary>Seconds from now on.</summary>
    Seconds = 1,

    /// <summary>Seconds since 1970.</summary>
    UnixTime = 2,

    /// <summary>Milliseconds since 1970.</summary>
    UnixMilliseconds = 3,

    /// <summary>A date of HTTP.</summary>
    Date = 4,
}
