using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace RedisResilience.Gateway.Connection;

/// <summary>
/// The client's defaults for settings that the configuration does not have. It keeps the credentials and TLS settings of a provider of the
/// application.
/// </summary>
/// <param name="others">The provider before ours.</param>
internal sealed class ClientDefaults(DefaultOptionsProvider others) : DefaultOptionsProvider
{
    /// <summary>Long enough for a TLS handshake across the world, short enough to notice soon that a silent address speaks again.</summary>
    public override TimeSpan? ConnectTimeout => TimeSpan.FromSeconds(2);

    /// <summary>Lost connections, replies that never come and the time to connect again are noticed on the heartbeat.</summary>
    public override TimeSpan HeartbeatInterval => TimeSpan.FromMilliseconds(100);

    /// <summary>One for good: it remembers its dice between heartbeats.</summary>
    public override IReconnectRetryPolicy ReconnectRetryPolicy { get; } = new ReconnectSchedule();

    /// <summary>Exception texts would carry keys.</summary>
    public override bool IncludeDetailInExceptions => false;

    /// <summary>
    /// Gives the login of now, which the client asks for with each connection that it makes by itself. Null: the application's
    /// configuration says it, or the provider before ours.
    /// </summary>
    public Func<Login>? CurrentLogin { get; set; }

    /// <summary>Such as a token, which the provider renews.</summary>
    public override string? User => CurrentLogin is { } login ? login().User : others.User;

    public override string? Password => CurrentLogin is { } login ? login().Password : others.Password;

    public override Task AfterConnectAsync(ConnectionMultiplexer multiplexer, Action<string> log) =>
        others.AfterConnectAsync(multiplexer, log);

    public override bool GetDefaultSsl(EndPointCollection endPoints) => others.GetDefaultSsl(endPoints);

    public override string? GetSslHostFromEndpoints(EndPointCollection endPoints) => others.GetSslHostFromEndpoints(endPoints);
}
