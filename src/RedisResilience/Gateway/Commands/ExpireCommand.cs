using StackExchange.Redis;

namespace RedisResilience.Gateway.Commands;

/// <summary><c>PEXPIRE</c>. The value says whether there is such a key.</summary>
internal readonly struct ExpireCommand(RedisKey key, TimeSpan timeToLive) : IRedisCommand<bool, bool>
{
    public RedisKey Key => key;

    public Task<bool> SendAsync(IDatabase database) => database.KeyExpireAsync(key, timeToLive);

    public static bool TryRead(bool reply, out bool value)
    {
        value = reply;
        return true;
    }
}
