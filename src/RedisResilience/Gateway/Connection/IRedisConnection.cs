using StackExchange.Redis;

namespace RedisResilience.Gateway.Connection;

/// <summary>The connection as those see it who send commands and watch over it.</summary>
internal interface IRedisConnection
{
    /// <summary>The connection may be there again: worth a probe. Also raised when the first attempt has ended, whichever way.</summary>
    event Action? Changed;

    /// <summary>A connection was lost.</summary>
    event Action? Lost;

    /// <summary>Null until the first attempt has ended.</summary>
    IDatabase? Database { get; }

    bool IsConnected { get; }
}
