using RedisResilience.Gateway;
using RedisResilience.Gateway.Keys;
using RedisResilience.RateLimiting.Local.Fallback;

namespace RedisResilience.RateLimiting.Local;

/// <summary>
/// Counts the processes that share a Redis. Each process enters itself into one sorted set at intervals, by the server's clock.
/// </summary>
internal sealed class NodeRegistry(IRedisGateway gateway, TimeProvider timeProvider)
{
    public static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(5);

    /// <summary>A node that has been silent for so long is taken for dead.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(15);

    private static readonly RedisScript Heartbeat = RedisScript.Load<NodeRegistry>(nameof(Heartbeat));

    private readonly RedisKeyPrefix _prefix = new(gateway.KeyPrefix);
    private readonly long _node = Random.Shared.NextInt64();
    private volatile NodeShare _standing = NodeShare.Alone;
    private volatile ServerClock? _clock;

    /// <summary>The last known value, which is used in an outage.</summary>
    public NodeShare Standing => _standing;

    /// <summary>The last reading of the server's clock. Null when there is no recent one.</summary>
    public ServerClock? Clock => _clock is { } clock && timeProvider.GetElapsedTime(clock.SeenAt) < Lifetime ? clock : null;

    /// <summary>Says that this node is alive.</summary>
    /// <returns>Whether Redis has acknowledged it.</returns>
    public Task<bool> BeatAsync() => SendAsync(gateway, Lifetime);

    /// <summary>Says that this node goes, within one deadline from a timestamp on.</summary>
    public Task LeaveAsync(long startedAt) => SendAsync(gateway.Since(startedAt), TimeSpan.Zero);

    /// <summary>The server's clock has just been seen.</summary>
    public ServerClock See(long microseconds) => _clock = new ServerClock(microseconds, timeProvider.GetTimestamp(), timeProvider);

    private async Task<bool> SendAsync(IRedisGateway redis, TimeSpan lifetime)
    {
        var arguments = new ScriptArguments(new ScriptConstants((long)lifetime.TotalMilliseconds), _node);
        var answer = await redis.EvaluateAsync(
            Heartbeat, _prefix, OwnKeys.Word + "nodes", arguments, CancellationToken.None).ConfigureAwait(false);
        if (answer.IsAnswered)
        {
            var (nodes, smaller, microseconds, _, _, _) = answer.Value;
            _standing = new NodeShare((int)Math.Max(1, nodes), (int)smaller);
            See(microseconds);
        }

        return answer.IsAnswered;
    }
}
