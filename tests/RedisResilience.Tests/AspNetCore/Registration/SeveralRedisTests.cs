using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RedisResilience.AspNetCore;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.Caching;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.AspNetCore.Registration;

/// <summary>Endpoints use the Redis that AddHttp was called on, and a policy or an entry the one that it names.</summary>
internal sealed class SeveralRedisTests
{
    private static readonly RateLimit Limit = RateLimit.FixedWindow(5, TimeSpan.FromMinutes(1));

    [Test]
    public async Task AddHttp_BelongsToTheRedisThatItIsCalledOn()
    {
        var (limiter, cache) = (new FakeLimiter(), new FakeCache());
        await using var app = await StartAsync(
            services => Add(services, "one", limiter, cache).AddHttp(),
            app => app.MapGet("/a", () => "a").RequireRateLimit().CacheResponse("a"));

        await GetAsync(app, "/a");

        Assert.That((limiter.Asked.Count, cache.Entries.Keys.Single()), Is.EqualTo((1, "a")));
    }

    [Test]
    public async Task PolicyAndEntry_UseTheRedisThatTheyName()
    {
        var (standard, limits, pages) = (new FakeLimiter(), new FakeLimiter(), new FakeCache());
        await using var app = await StartAsync(
            services =>
            {
                Add(services, null, standard, new FakeCache()).AddHttp(options => options
                    .AddPolicy("login", new RateLimitPolicy(Limit) { Redis = "limits" }));
                Add(services, "limits", limits, new FakeCache());
                Add(services, "pages", new FakeLimiter(), pages);
            },
            app =>
            {
                app.MapGet("/a", () => "a").RequireRateLimit("login").RequireRateLimit().CacheResponse(response => response.Key("a")
                    .Redis("pages"));
                app.MapPut("/a", () => Results.NoContent());
            });

        await GetAsync(app, "/a");

        Assert.That((standard.Asked.Count, limits.Asked.Single().Limit.Name), Is.EqualTo((1, "login")));
        Assert.That(pages.Entries.Keys, Is.EqualTo(new[] { "a" }));

        using var changed = await app.GetTestClient().PutAsync(new Uri("/a", UriKind.Relative), content: null);
        Assert.That(pages.Entries, Is.Empty, "an unsafe request removes where it is kept");
    }

    [Test]
    public async Task Invalidator_RemovesWhereTheEntryIsKept()
    {
        var pages = new FakeCache();
        await using var app = await StartAsync(
            services =>
            {
                Add(services, null, new FakeLimiter(), new FakeCache()).AddHttp();
                Add(services, "pages", new FakeLimiter(), pages);
            },
            app => app.MapGet("/a", () => "a").WithName("a").CacheResponse(response => response.Key("a").Redis("pages")));
        await GetAsync(app, "/a");

        await app.Services.GetRequiredService<IResponseCacheInvalidator>().RemoveAsync("a", values: null);

        Assert.That(pages.Entries, Is.Empty);
    }

    [Test]
    public async Task PolicyOfTheConfiguration_NamesItsRedis()
    {
        var limits = new FakeLimiter();
        var section = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Http:Policies:login:Permits"] = "5",
            ["Http:Policies:login:Redis"] = "limits",
        }).Build().GetSection("Http");
        await using var app = await StartAsync(
            services =>
            {
                Add(services, null, new FakeLimiter(), new FakeCache()).AddHttp(section);
                Add(services, "limits", limits, new FakeCache());
            },
            app => app.MapGet("/a", () => "a").RequireRateLimit("login"));

        await GetAsync(app, "/a");

        Assert.That(limits.Asked, Has.Count.EqualTo(1));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void NameThatNoRedisHas_StopsTheStart(bool isOfTheLimit) => Assert.That(
        async () => await StartAsync(
            services => Add(services, null, new FakeLimiter(), new FakeCache()).AddHttp(),
            app =>
            {
                var endpoint = app.MapGet("/a", () => "a");
                _ = isOfTheLimit ? endpoint.RequireRateLimit(new RateLimitPolicy(Limit) { Redis = "mistyped" })
                    : endpoint.CacheResponse(response => response.Redis("mistyped"));
            }),
        Throws.InvalidOperationException.With.Message.Contains("no Redis named 'mistyped'"));

    [Test]
    public void AddHttpOnTwo_IsAnErrorThatSaysWhatToWrite()
    {
        var services = new ServiceCollection();
        services.AddRedisResilience("one", (string?)null).AddHttp().AddHttp();

        Assert.That(
            () => services.AddRedisResilience((string?)null).AddHttp(), Throws.InvalidOperationException
                .With.Message.Contains("'one'").And.Message.Contains("RateLimitPolicy.Redis"));
    }

    [Test]
    public void PipelineWithoutItsRedis_SaysWhichIsMissing()
    {
        var builder = WebApplication.CreateSlimBuilder();
        Assert.That(
            () => builder.Build().UseRedisResilience(),
            Throws.InvalidOperationException.With.Message.Contains("AddRedisResilience(...) to be called first"));
    }

    private static IRedisResilienceBuilder Add(IServiceCollection services, string? name, IRateLimiter limiter, IResponseCache cache)
    {
        services.AddKeyedSingleton(name, limiter).AddKeyedSingleton(name, cache);
        return name is null ? services.AddRedisResilience((string?)null) : services.AddRedisResilience(name, (string?)null);
    }

    private static async Task<WebApplication> StartAsync(Action<IServiceCollection> add, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        add(builder.Services);
        var app = builder.Build();
        app.UseRedisResilience();
        map(app);
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return app;
    }

    private static async Task GetAsync(WebApplication app, string path) =>
        Assert.That(await app.GetTestClient().GetStringAsync(new Uri(path, UriKind.Relative)), Is.EqualTo("a"));
}
