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

    /// <summary>Whether the keys are spread over several servers, one of which may be away while the others serve on.</summary>
    bool IsCluster { get; }

    /// <summary>Looks again who is the primary. For a server that has turned out to be none; asked often, it looks once a second.</summary>
    void Refresh();
}
