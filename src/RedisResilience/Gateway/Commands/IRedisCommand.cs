using System.Diagnostics.CodeAnalysis;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Commands;

/// <summary>One command: how it is sent, and how its reply is read. A value, so that sending it allocates nothing of ours.</summary>
internal interface IRedisCommand<TReply, TValue>
{
    /// <summary>The command's name in measurements and traces.</summary>
    static virtual string Name => "EVALSHA";

    /// <summary>The key, which decides the shard of a cluster. No key when any server can answer.</summary>
    RedisKey Key { get; }

    Task<TReply> SendAsync(IDatabase database);

    /// <summary>
    /// Sends it once more, in another form, when the error says that it was not executed and that this helps. Null: it does not.
    /// </summary>
    Task<TReply>? SendAgainAfter(Exception? error, IDatabase database) => null;

    /// <summary>Reads the reply and takes over its buffers. False when the reply has not the shape that the command promises.</summary>
    static abstract bool TryRead(TReply reply, [MaybeNullWhen(false)] out TValue value);

    /// <summary>Handles a reply that came when no caller waited any more, and gives its buffers back. Most replies have none.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="isCancelled">Whether the caller had left. False when its deadline was over.</param>
    void Discard(TReply reply, bool isCancelled)
    {
    }
}
