using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Pools;
using RedisResilience.RateLimiting.Upstream;

namespace RedisResilience.IntegrationTests.Servers;

/// <summary>A service as a user registers it: one line, resolved from a container.</summary>
internal sealed class ResilientService : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public ResilientService(string connectionString, Action<RedisResilienceOptions>? configure = null)
    {
        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(Logs)))
            .AddRedisResilience(connectionString, configure)
            .Services.BuildServiceProvider();
        Limiter = _services.GetRequiredService<IRateLimiter>();
        Cache = _services.GetRequiredService<IResponseCache>();
        Pool = _services.GetRequiredService<IPermitPool>();
        Upstream = _services.GetRequiredService<IUpstreamQuota>();
        Status = _services.GetRequiredService<IRedisStatus>();
    }

    public IRateLimiter Limiter { get; }

    public IResponseCache Cache { get; }

    public IPermitPool Pool { get; }

    public IUpstreamQuota Upstream { get; }

    public IRedisStatus Status { get; }

    public FakeLogCollector Logs { get; } = new();

    /// <summary>The ids of what was logged, in order.</summary>
    public IEnumerable<int> Events => Logs.GetSnapshot().Select(record => record.Id.Id);

    public static async Task<ResilientService> ConnectAsync(string connectionString, Action<RedisResilienceOptions>? configure = null)
    {
        var service = new ResilientService(connectionString, configure);
        await service.UntilAvailableAsync();
        return service;
    }

    /// <summary>For tests of what is answered and not of when: then no busy machine makes Redis look away.</summary>
    public static Task<ResilientService> ConnectPatientlyAsync(string connectionString) =>
        ConnectAsync(connectionString, options => options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(10));

    public Task UntilAvailableAsync() => Status.UntilAvailableAsync();

    /// <summary>Waits until the library has noticed that Redis is away.</summary>
    public Task UntilUnavailableAsync() => Status.UntilUnavailableAsync();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
