using RedisResilience.Diagnostics;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Connection;

/// <summary>Connects to the primary, or gets the connection that the application shares.</summary>
internal interface IDialer : IAsyncDisposable
{
    ServerIdentity Server { get; }

    /// <summary>Why there is no connection yet.</summary>
    Fault Trouble { get; }

    /// <summary>Whether a directory, such as sentinels, decides which server is the primary.</summary>
    bool HasDirectory { get; }

    /// <summary>Whether each new connection may have other credentials than the one before.</summary>
    bool LogsInAnew { get; }

    /// <summary>Whether there is only the shared connection, which the application closes.</summary>
    bool IsShared { get; }

    /// <summary>
    /// One attempt to connect. Null when the primary is not known. The multiplexer may have no connection yet, and keeps trying.
    /// </summary>
    Task<IConnectionMultiplexer?> DialAsync();

    /// <summary>
    /// One attempt to reach the primary, if it is not the server that a multiplexer is connected to. Null when it is, or when the primary
    /// is not known.
    /// </summary>
    Task<IConnectionMultiplexer?> FollowAsync(IConnectionMultiplexer current);

    /// <summary>Logs a connection in with what its login has become meanwhile.</summary>
    Task LogInAsync(IConnectionMultiplexer current);
}
