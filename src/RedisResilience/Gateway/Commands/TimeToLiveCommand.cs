using StackExchange.Redis;

namespace RedisResilience.Gateway.Commands;

/// <summary><c>PTTL</c>. Null for a key that has no end or does not exist.</summary>
internal readonly struct TimeToLiveCommand(RedisKey key) : IRedisCommand<TimeSpan?, TimeSpan?>
{
    public RedisKey Key => key;

    public static string Name => "PTTL";

    public Task<TimeSpan?> SendAsync(IDatabase database) => database.KeyTimeToLiveAsync(key);

    public static bool TryRead(TimeSpan? reply, out TimeSpan? value)
    {
        value = reply;
        return true;
    }
}
