using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using StackExchange.Redis;
using ZiggyCreatures.Caching.Fusion;

namespace RedisResilience.Benchmarks.Caching;

/// <summary>One hot key over HTTP, each package as its own documentation has it, with its local tier off: Redis is in the path of every
/// request.</summary>
internal static class HttpContenders
{
    private const string Key = "predictions:v1:AAPL";
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    // A starved machine shall be slow, not a miss.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>The ceiling: no cache at all.</summary>
    public static Task<HttpContender> StaticAsync(byte[] body) => HttpContender.StartAsync("static bytes", _ => { }, application =>
    {
        application.MapGet("/", context => WriteAsync(context, body));
        return Task.CompletedTask;
    });

    /// <summary>The ceiling of whatever reads Redis: one read of the bare client for each eight requests.</summary>
    public static Task<HttpContender> SharedByEightAsync(string endpoint, byte[] body) => HttpContender.StartAsync(
        "static bytes, a bare read for each eight",
        services => services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(endpoint)),
        async application =>
        {
            var database = application.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
            await database.StringSetAsync("eight", body);
            var reads = new SharedByEight(database, "eight");
            application.Lifetime.ApplicationStopping.Register(reads.LetGo);
            application.MapGet("/", async context =>
            {
                await reads.ReadAsync();
                await WriteAsync(context, body);
            });
        });

    /// <summary>The cache itself, from a handler.</summary>
    public static Task<HttpContender> OursAsync(string endpoint, byte[] body) => HttpContender.StartAsync(
        "ours, IResponseCache",
        services => AddOurs(services, endpoint),
        async application =>
        {
            await application.Services.GetRequiredService<IRedisStatus>().WaitUntilAvailableAsync();
            var cache = application.Services.GetRequiredService<IResponseCache>();
            await cache.SetAsync(Key, body, Hour);
            application.MapGet("/", async context =>
            {
                using var cached = await cache.GetAsync(Key);
                await WriteAsync(context, cached.HasBody ? cached.Body : throw new InvalidOperationException("A miss."));
            });
        });

    /// <summary>The cache as an endpoint's convention.</summary>
    public static Task<HttpContender> OursOverHttpAsync(string endpoint, byte[] body) =>
        OverHttpAsync("ours, CacheResponse", endpoint, context => WriteAsync(context, body));

    /// <summary>The same with eight fields of the endpoint's own, which stand on every hit.</summary>
    public static Task<HttpContender> OursWithEightFieldsAsync(string endpoint, byte[] body) =>
        OverHttpAsync("ours, CacheResponse, eight stored fields", endpoint, context =>
        {
            for (var field = 0; field < 8; field++)
            {
                context.Response.Headers[$"X-Field-{field}"] = "value";
            }

            return WriteAsync(context, body);
        });

    /// <summary>The same with a copy in the process: Redis is not in the path.</summary>
    public static Task<HttpContender> OursWithLocalTierAsync(string endpoint, byte[] body) => OverHttpAsync(
        "ours, CacheResponse, local tier", endpoint, context => WriteAsync(context, body),
        options => options.LocalTier.KeyPrefixes.Add("predictions:"));

    public static Task<HttpContender> OutputCacheAsync(string endpoint, byte[] body) => HttpContender.StartAsync(
        "output caching",
        services => services.AddStackExchangeRedisOutputCache(options => options.Configuration = endpoint)
            .AddOutputCache(options => options.DefaultExpirationTimeSpan = Hour),
        application =>
        {
            application.UseOutputCache();
            application.MapGet("/", context => WriteAsync(context, body)).CacheOutput();
            return Task.CompletedTask;
        });

    public static Task<HttpContender> HybridCacheAsync(string endpoint, byte[] body) => HttpContender.StartAsync(
        "HybridCache, no local tier",
        services => services.AddStackExchangeRedisCache(options => options.Configuration = endpoint).AddHybridCache(options =>
            options.DefaultEntryOptions =
                new HybridCacheEntryOptions { Expiration = Hour, Flags = HybridCacheEntryFlags.DisableLocalCache }),
        application =>
        {
            var cache = application.Services.GetRequiredService<HybridCache>();
            application.MapGet("/", async context =>
                await WriteAsync(context, await cache.GetOrCreateAsync(Key, body, static (body, _) => ValueTask.FromResult(body))));
            return Task.CompletedTask;
        });

    public static Task<HttpContender> FusionCacheAsync(string endpoint, byte[] body) => HttpContender.StartAsync(
        "FusionCache, no local tier",
        services => services.AddStackExchangeRedisCache(options => options.Configuration = endpoint)
            .AddFusionCache().WithRegisteredDistributedCache().WithSystemTextJsonSerializer()
            .WithDefaultEntryOptions(options => options.SetDuration(Hour).SetSkipMemoryCache()),
        application =>
        {
            var cache = application.Services.GetRequiredService<IFusionCache>();
            application.MapGet("/", ServeAsync);
            return Task.CompletedTask;

            async Task ServeAsync(HttpContext context)
            {
                var cached = await cache.GetOrSetAsync<byte[]>(Key, (_, _) => Task.FromResult(body));
                await WriteAsync(context, cached);
            }
        });

    private static Task<HttpContender> OverHttpAsync(
        string name, string endpoint, RequestDelegate handler, Action<RedisResilienceOptions>? configure = null) =>
        HttpContender.StartAsync(name, services => AddOurs(services, endpoint, configure), async application =>
        {
            await application.Services.GetRequiredService<IRedisStatus>().WaitUntilAvailableAsync();
            application.UseRedisResilience();
            application.MapGet("/", handler).CacheResponse($"predictions:v1:{name.GetHashCode(StringComparison.Ordinal)}", Hour);
        });

    private static void AddOurs(IServiceCollection services, string endpoint, Action<RedisResilienceOptions>? configure = null) => services
        .AddRedisResilience(endpoint, options =>
        {
            options.CommandDeadline = options.MaximumCommandDeadline = Deadline;
            configure?.Invoke(options);
        })
        .AddHttp();

    private static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body);
    }
}
