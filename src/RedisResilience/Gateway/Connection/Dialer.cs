using System.Diagnostics.CodeAnalysis;
using System.Net;
using RedisResilience.Diagnostics;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Connection;

/// <summary>Connects to the primary: at the addresses of the configuration, or at the address that the sentinels report.</summary>
/// <param name="configuration">How, before the application's own code and our settings come to it.</param>
/// <param name="options">Ours.</param>
/// <param name="name">The name of this Redis among the application's.</param>
internal sealed class Dialer(ConfigurationOptions configuration, RedisResilienceOptions options, string? name) : IDialer
{
    // Each multiplexer needs a name of its own among the server's clients, to be found by it.
    private readonly bool _hasLocalTier = options.LocalTier.KeyPrefixes.Count > 0;
    private readonly SentinelDirectory? _sentinels = string.IsNullOrEmpty(configuration.ServiceName) ? null
        : new SentinelDirectory(configuration);
    private volatile Login _login = new(configuration.User, configuration.Password);
    private bool _hasFailed;

    public ServerIdentity Server { get; } = ServerIdentity.Of(name, configuration.EndPoints, configuration.DefaultDatabase ?? 0);

    public Fault Trouble => Volatile.Read(ref _hasFailed) ? Fault.ConnectionNotMade : _sentinels?.Trouble ?? Fault.ConnectionFailed;

    public bool HasDirectory => _sentinels is not null;

    public bool LogsInAnew => options.ConfigureConnection is not null;

    public bool IsShared => false;

    public async Task<IConnectionMultiplexer?> DialAsync()
    {
        if (_sentinels is null)
        {
            return await DialAsync([.. configuration.EndPoints]).ConfigureAwait(false);
        }

        return await _sentinels.FindPrimaryAsync().ConfigureAwait(false) is { } primary ? await DialAsync([primary]).ConfigureAwait(false)
            : null;
    }

    public async Task<IConnectionMultiplexer?> FollowAsync(IConnectionMultiplexer current) =>
        _sentinels is not null && await _sentinels.FindPrimaryAsync().ConfigureAwait(false) is { } primary
            && !current.GetEndPoints().Contains(primary)
            ? await DialAsync([primary]).ConfigureAwait(false)
            : null;

    public async Task LogInAsync(IConnectionMultiplexer current)
    {
        var own = await ConfigureAsync().ConfigureAwait(false);
        var login = new Login(own.User, own.Password);
        if (login.Password is null || login == _login)
        {
            return;
        }

        foreach (var server in current.GetServers().Where(server => server.IsConnected))
        {
            object[] arguments = login.User is null ? [login.Password] : [login.User, login.Password];
            await server.ExecuteAsync("AUTH", arguments).ConfigureAwait(false);
        }

        _login = login;
    }

    public ValueTask DisposeAsync() => _sentinels?.DisposeAsync() ?? default;

    private async Task<IConnectionMultiplexer?> DialAsync(IReadOnlyList<EndPoint> servers)
    {
        var own = ClientSettings.Harden(await ConfigureAsync().ConfigureAwait(false), options.MaximumCommandDeadline, _hasLocalTier);
        own.ClientName = _hasLocalTier ? $"{own.ClientName ?? "redisresilience"}:{Guid.NewGuid():N}" : own.ClientName;
        own.EndPoints.Clear();
        foreach (var server in servers)
        {
            own.EndPoints.Add(server);
        }

        _login = new Login(own.User, own.Password);
        if (LogsInAnew && own is { Password: not null, Defaults: ClientDefaults { Password: null } defaults })
        {
            // By itself the client would come back with the login that was valid when this connection was made.
            defaults.CurrentLogin = () => _login;
            (own.User, own.Password) = (null, null);
        }

        return await ConnectionMultiplexer.ConnectAsync(own).ConfigureAwait(false);
    }

    /// <summary>
    /// The configuration for one connection, after the application has changed it, for example with current credentials.
    /// </summary>
    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types",
        Justification = "Noted and thrown on: whoever dials tries again.")]
    private async Task<ConfigurationOptions> ConfigureAsync()
    {
        var own = ClientSettings.Copy(configuration);
        if (options.ConfigureConnection is { } configure)
        {
            try
            {
                await configure(own).ConfigureAwait(false);
                Volatile.Write(ref _hasFailed, false);
            }
            catch (Exception)
            {
                Volatile.Write(ref _hasFailed, true);
                throw;
            }
        }

        return own;
    }
}
