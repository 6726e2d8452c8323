using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Leases;
using RedisResilience.RateLimiting.Redis;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.RateLimiting;

/// <summary>A limiter on a real server that judges by the test's time, and patient: a starved machine is no outage here.</summary>
internal sealed class JudgedLimiter : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ServiceProvider _services;
    private readonly ConnectionMultiplexer _connection;

    private JudgedLimiter(ServiceProvider services, ConnectionMultiplexer connection, TimeProvider? judge, TimeProvider? timeProvider)
    {
        (_services, _connection) = (services, connection);
        var gateway = services.GetRequiredService<RedisGateway>();
        Limiter = new RedisRateLimiter(gateway, timeProvider ?? TimeProvider.System, judge);
        Counts = new RedisCounts(gateway, judge);
        Leases = new RedisLeases(Counts);
    }

    public RedisRateLimiter Limiter { get; }

    public RedisCounts Counts { get; }

    public RedisLeases Leases { get; }

    public IDatabase Database => _connection.GetDatabase();

    /// <param name="kind">The server.</param>
    /// <param name="judge">The clock that limits are judged by. Null: the server's.</param>
    /// <param name="timeProvider">The clock of this process: what waits and renews.</param>
    public static async Task<JudgedLimiter> ConnectAsync(ServerKind kind, TimeProvider? judge = null, TimeProvider? timeProvider = null)
    {
        var server = await SharedServers.GetAsync(kind);
        var services = new ServiceCollection()
            .AddRedisResilience(server.ConnectionString, options => options.CommandDeadline = options.MaximumCommandDeadline = Patience)
            .Services.BuildServiceProvider();
        await services.GetRequiredService<IRedisStatus>().UntilAvailableAsync();
        return new JudgedLimiter(services, await server.ConnectAsync(), judge, timeProvider);
    }

    public async ValueTask DisposeAsync()
    {
        Limiter.Dispose();
        await _services.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
