using StackExchange.Redis;

namespace RedisResilience.Gateway.Connection;

/// <summary>The connection, for the code that sends commands and for the code that watches it.</summary>
internal interface IRedisConnection
{
    /// <summary>The connection may be there again: worth a probe. Also raised when the first attempt has ended, whichever way.</summary>
    event Action? Changed;

    /// <summary>A connection was lost.</summary>
    event Action? Lost;

    /// <summary>Null until the first attempt has ended.</summary>
    IDatabase? Database { get; }

    /// <summary>Why there is none yet.</summary>
    Fault Trouble => Fault.ConnectionFailed;

    /// <summary>Whether each new connection may have other credentials than the one before.</summary>
    bool LogsInAnew => false;

    /// <summary>Whether it is the application's, which uses it, too.</summary>
    bool IsShared => false;

    bool IsConnected { get; }

    /// <summary>Whether the keys are spread over several servers, one of which may be away while the others serve on.</summary>
    bool IsCluster { get; }

    /// <summary>The slots of each of a cluster's shards, as far as they are known. None where there is no cluster.</summary>
    IReadOnlyList<IList<SlotRange>> Shards { get; }

    /// <summary>The slot of a key. Negative where it is not known.</summary>
    int SlotOf(RedisKey key);

    /// <summary>
    /// Makes one new connection beside a connection that cannot reach Redis. The new one replaces it if it gets an answer first and is
    /// still needed; otherwise it is closed. It never throws.
    /// </summary>
    Task RenewAsync(Func<bool> isWanted);

    /// <summary>With sentinels, checks whether the primary is still the same. Without sentinels, it does nothing.</summary>
    void Follow();

    /// <summary>
    /// Looks for the primary again, when a server has turned out not to be the primary. It looks at most twice a second.
    /// </summary>
    void Refresh();
}
