using StackExchange.Redis;

namespace RedisResilience.Gateway.Commands;

/// <summary><c>DEL</c> of a key and its side key, in one step. The value says whether there was any.</summary>
internal readonly struct DeleteBothCommand(RedisKey key, RedisKey sideKey) : IRedisCommand<long, bool>
{
    public RedisKey Key => key;

    public Task<long> SendAsync(IDatabase database) => database.KeyDeleteAsync([key, sideKey]);

    public static bool TryRead(long reply, out bool value)
    {
        value = reply > 0;
        return true;
    }
}
