using StackExchange.Redis;

namespace RedisResilience.Gateway.Commands;

/// <summary><c>DEL</c>. The value says whether there was a key.</summary>
internal readonly struct DeleteCommand(RedisKey key) : IRedisCommand<bool, bool>
{
    public RedisKey Key => key;

    public static string Name => "DEL";

    public Task<bool> SendAsync(IDatabase database) => database.KeyDeleteAsync(key);

    public static bool TryRead(bool reply, out bool value)
    {
        value = reply;
        return true;
    }
}
