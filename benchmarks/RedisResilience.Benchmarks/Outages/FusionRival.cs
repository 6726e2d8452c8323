using Microsoft.Extensions.DependencyInjection;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Serialization.SystemTextJson;

namespace RedisResilience.Benchmarks.Outages;

/// <summary>FusionCache over the Redis <c>IDistributedCache</c>: with its defaults, or with all that its documentation offers against a
/// slow or absent Redis.</summary>
internal sealed class FusionRival : IRival
{
    // The command deadline of this library, for the same patience.
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(250);

    private readonly ServiceProvider _services;

    public FusionRival(string connectionString, bool isTuned)
    {
        var services = new ServiceCollection();
        services.AddStackExchangeRedisCache(options => options.Configuration = connectionString);
        var options = new FusionCacheEntryOptions { Duration = TimeSpan.FromSeconds(30) };
        if (isTuned)
        {
            options.IsFailSafeEnabled = true;
            options.DistributedCacheSoftTimeout = Deadline / 2;
            options.DistributedCacheHardTimeout = Deadline;
            options.AllowBackgroundDistributedCacheOperations = true;
        }

        services.AddFusionCache()
            .WithOptions(cache => cache.DistributedCacheCircuitBreakerDuration = isTuned ? TimeSpan.FromSeconds(1) : TimeSpan.Zero)
            .WithDefaultEntryOptions(options)
            .WithSerializer(new FusionCacheSystemTextJsonSerializer())
            .WithRegisteredDistributedCache();
        _services = services.BuildServiceProvider();
    }

    public async Task<byte[]> GetOrCreateAsync(string key, Func<byte[]> source) =>
        await _services.GetRequiredService<IFusionCache>().GetOrSetAsync<byte[]>(key, _ => Task.FromResult(source()));

    public Task WaitUntilReadyAsync() => GetOrCreateAsync("ready", static () => new byte[1]);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
