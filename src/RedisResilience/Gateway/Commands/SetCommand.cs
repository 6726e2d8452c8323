using StackExchange.Redis;

namespace RedisResilience.Gateway.Commands;

/// <summary>
/// <c>SET</c> with <c>PX</c>, or <c>SETEX</c> for whole seconds: value and end of life in one step, so that no key is ever left without an
/// end.
/// </summary>
internal readonly struct SetCommand(RedisKey key, ReadOnlyMemory<byte> content, TimeSpan timeToLive)
    : IRedisCommand<bool, bool>, IWriteCommand
{
    public RedisKey Key => key;

    public int BodySize => content.Length;

    public static string Name => "SET";

    public Task<bool> SendAsync(IDatabase database) => database.StringSetAsync(key, content, timeToLive);

    public static bool TryRead(bool reply, out bool value)
    {
        value = reply;
        return true;
    }
}
