using StackExchange.Redis;

namespace RedisResilience.Gateway.Commands;

/// <summary>As <see cref="EvaluateCommand"/>, and follows a key to another server.</summary>
internal readonly struct EvaluateInClusterCommand(RedisScript script, RedisKeyPrefix prefix, string key, ScriptArguments arguments)
    : IRedisCommand<RedisResult, ScriptReply>
{
    public RedisKey Key { get; } = prefix.Append(key);

    public Task<RedisResult> SendAsync(IDatabase database) => database.ScriptEvaluateAsync(script.Digest, [Key], arguments.ToValues());

    public Task<RedisResult>? SendAgainAfter(Exception? error, IDatabase database) =>
        error?.GetBaseException() is RedisServerException { Kind: RedisErrorKind.NoScript }
            ? database.ScriptEvaluateAsync(script.Text, [Key], arguments.ToValues())
            : null;

    public static bool TryRead(RedisResult reply, out ScriptReply value)
    {
        var packed = reply.Resp2Type == ResultType.BulkString ? (byte[]?)reply : null;
        var isReply = packed is not null && ScriptReply.IsSize(packed.Length);
        value = isReply ? ScriptReply.Read(packed) : default;
        return isReply;
    }

    public void Discard(RedisResult reply, bool isCancelled)
    {
        if (arguments.Caller.Listener is { } listener && TryRead(reply, out var value))
        {
            listener.Hear(key, arguments, value, isCancelled);
        }
    }
}
