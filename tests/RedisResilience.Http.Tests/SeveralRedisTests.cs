using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RedisResilience.Caching;
using RedisResilience.RateLimiting;

namespace RedisResilience.Http.Tests;

/// <summary>A client is limited by, and stores its responses in, the Redis that its options name.</summary>
internal sealed class SeveralRedisTests
{
    private static readonly RateLimit Limit = RateLimit.FixedWindow(1, TimeSpan.FromHours(1));

    [Test]
    public async Task LimitAndCache_UseTheRedisThatTheyName()
    {
        using var origin = new FakeOrigin();
        using var limiter = new InMemoryRateLimiter(TimeProvider.System);
        var pages = new InMemoryResponseCache(TimeProvider.System);
        var services = new ServiceCollection();
        services.AddKeyedSingleton<IRateLimiter>("limits", limiter).AddKeyedSingleton<IResponseCache>("pages", pages);
        services.AddRedisResilience((string?)null);
        services.AddRedisResilience("limits", (string?)null);
        services.AddRedisResilience("pages", (string?)null);
        services.AddHttpClient("api").ConfigurePrimaryHttpMessageHandler(() => origin)
            .AddRedisResilienceCache(cache => cache.Redis = "pages")
            .AddRedisResilienceLimit("api", Limit, limit => (limit.Redis, limit.AnswersWithStatus, limit.MaximumWait) =
                ("limits", true, TimeSpan.Zero));
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        client.BaseAddress = new Uri("http://api.test/");
        origin.Answers("body", "Cache-Control: max-age=60");

        Assert.That(await client.GetStringAsync(new Uri("a", UriKind.Relative)), Is.EqualTo("body"));
        using var hit = await client.GetAsync(new Uri("a", UriKind.Relative));
        using var denied = await client.GetAsync(new Uri("b", UriKind.Relative));

        Assert.That(hit.Headers.GetValues("Cache-Status").Single(), Does.Contain("hit"), "it is kept in 'pages'");
        Assert.That(denied.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests), "it is counted in 'limits'");
    }

    [Test]
    public void NameThatNoRedisHas_StopsTheStart([Values] bool isOfTheLimit)
    {
        var services = new ServiceCollection();
        services.AddRedisResilience((string?)null);
        var client = services.AddHttpClient("api");
        _ = isOfTheLimit ? client.AddRedisResilienceLimit("api", Limit, limit => limit.Redis = "mistyped")
            : client.AddRedisResilienceCache(cache => cache.Redis = "mistyped");
        using var provider = services.BuildServiceProvider();

        Assert.That(
            provider.GetRequiredService<IStartupValidator>().Validate,
            Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("'mistyped'"));
    }
}
