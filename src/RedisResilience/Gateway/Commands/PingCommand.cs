using StackExchange.Redis;

namespace RedisResilience.Gateway.Commands;

/// <summary><c>PING</c>, for the background probe. The gateway measures the time itself, on its own clock.</summary>
internal readonly struct PingCommand : IRedisCommand<TimeSpan, bool>
{
    public RedisKey Key => default;

    public static string Name => "PING";

    public Task<TimeSpan> SendAsync(IDatabase database) => database.PingAsync();

    public static bool TryRead(TimeSpan reply, out bool value) => value = true;
}
