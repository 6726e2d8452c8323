using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace RedisResilience.Gateway.Connection;

/// <summary>How the client behaves where the connection string does not say.</summary>
internal sealed class ClientDefaults : DefaultOptionsProvider
{
    /// <summary>Long enough for a TLS handshake across the world, short enough to notice soon that a silent address speaks again.</summary>
    public override TimeSpan? ConnectTimeout => TimeSpan.FromSeconds(2);

    /// <summary>Lost connections, replies that never come and the time to connect again are noticed on the heartbeat.</summary>
    public override TimeSpan HeartbeatInterval => TimeSpan.FromMilliseconds(100);

    /// <summary>One for good: it remembers its dice between heartbeats.</summary>
    public override IReconnectRetryPolicy ReconnectRetryPolicy { get; } = new ReconnectSchedule();

    /// <summary>Exception texts would carry keys.</summary>
    public override bool IncludeDetailInExceptions => false;
}
