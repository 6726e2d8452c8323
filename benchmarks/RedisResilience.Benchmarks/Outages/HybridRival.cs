using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace RedisResilience.Benchmarks.Outages;

/// <summary>HybridCache over the Redis <c>IDistributedCache</c>, with its defaults.</summary>
internal sealed class HybridRival : IRival
{
    private readonly ServiceProvider _services;

    public HybridRival(string connectionString)
    {
        var services = new ServiceCollection();
        services.AddStackExchangeRedisCache(options => options.Configuration = connectionString);
        services.AddHybridCache();
        _services = services.BuildServiceProvider();
    }

    public async Task<byte[]> GetOrCreateAsync(string key, Func<byte[]> source) =>
        await _services.GetRequiredService<HybridCache>().GetOrCreateAsync(
            key, source, static (source, _) => new ValueTask<byte[]>(source()));

    public Task WaitUntilReadyAsync() => GetOrCreateAsync("ready", static () => new byte[1]);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
