using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RedisResilience.AspNetCore.Adapters;
using RedisResilience.Caching.Distributed;

namespace RedisResilience.Tests.AspNetCore.Adapters;

public sealed class AdapterRegistrationTests
{
    [Test]
    public async Task DistributedCache_IsOursWhateverWasThere([Values] bool before)
    {
        var services = new ServiceCollection();
        if (before)
        {
            services.AddDistributedMemoryCache();
        }

        services.AddRedisResilience("127.0.0.1:1").AddDistributedCache().Services.AddDistributedMemoryCache();
        await using var provider = services.BuildServiceProvider();

        Assert.That(provider.GetRequiredService<IDistributedCache>(), Is.TypeOf<DistributedCacheAdapter>());
    }

    [Test]
    public async Task WithoutRedis_EntriesLiveInTheProcess()
    {
        await using var provider = new ServiceCollection().AddRedisResilience((string?)null).AddDistributedCache().Services
            .BuildServiceProvider();
        var cache = provider.GetRequiredService<IDistributedCache>();

        await cache.SetAsync("key", [1], new());

        Assert.That(await cache.GetAsync("key"), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public async Task OutputCacheStore_IsOurs()
    {
        await using var provider = new ServiceCollection().AddLogging().AddRedisResilience("127.0.0.1:1").AddOutputCache().Services
            .AddOutputCache().BuildServiceProvider();

        Assert.That(provider.GetRequiredService<IOutputCacheStore>(), Is.TypeOf<OutputCacheStoreAdapter>());
    }

    [TestCase("a\n", 1)]
    [TestCase("", 0)]
    [TestCase("", 366)]
    public async Task OptionsOutOfRange_AreRefused(string prefix, int days)
    {
        await using var provider = new ServiceCollection()
            .AddRedisResilience("127.0.0.1:1")
            .AddDistributedCache(options => { options.KeyPrefix = prefix; options.DefaultTimeToLive = TimeSpan.FromDays(days); })
            .Services.BuildServiceProvider();

        Assert.That(() => provider.GetRequiredService<IOptions<RedisResilienceDistributedCacheOptions>>().Value, Throws
            .TypeOf<OptionsValidationException>());
    }
}
