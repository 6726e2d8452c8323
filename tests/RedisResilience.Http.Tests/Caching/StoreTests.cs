using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using RedisResilience.Caching;

namespace RedisResilience.Http.Tests.Caching;

/// <summary>The cache that an application gives to a client.</summary>
internal sealed class StoreTests
{
    /// <summary>The factory of clients makes all handlers anew every two minutes.</summary>
    [Test]
    public void Store_IsMadeOnceForAClient_HoweverOftenItsHandlersAre()
    {
        var made = 0;
        var services = new ServiceCollection();
        foreach (var name in new[] { "one", "two" })
        {
            services.AddHttpClient(name).AddRedisResilienceCache(cache => cache.Store = _ =>
            {
                made++;
                return new InMemoryResponseCache(TimeProvider.System);
            });
        }

        using var provider = services.BuildServiceProvider();
        foreach (var name in new[] { "one", "one", "two" })
        {
            var builder = provider.GetRequiredService<HttpMessageHandlerBuilder>();
            builder.Name = name;
            var options = provider.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get(name);
            options.HttpMessageHandlerBuilderActions.ToList().ForEach(act => act(builder));
        }

        Assert.That(made, Is.EqualTo(2));
    }

    [TestCase("127.0.0.1:1", "RedisResilience; fwd=bypass; detail=unavailable")]
    [TestCase(null, "")]
    public async Task WithoutRedis_NothingIsSaidToBeStored(string? connectionString, string expected)
    {
        await using var redis = new ServiceCollection().AddRedisResilience(connectionString).Services.BuildServiceProvider();
        using var cached = new CachedClient(store: redis.GetRequiredService<IResponseCache>());
        cached.Origin.Answers("body", "Cache-Control: max-age=60");

        var got = await cached.GetAsync();

        Assert.That((got.Body, got.CacheStatus), Is.EqualTo(("body", expected)));
    }
}
