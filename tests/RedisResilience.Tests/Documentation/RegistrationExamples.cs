using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.AspNetCore;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.Caching;
using RedisResilience.Mongo;
using RedisResilience.Mongo.Quotas;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Pools;

namespace RedisResilience.Tests.Documentation;

internal static class RegistrationExamples
{
    public static void Configuration(WebApplicationBuilder builder, string connectionString, TokenSource tokens)
    {
        builder.Services.AddRedisResilience(builder.Configuration.GetSection("RedisResilience"))
            .AddHttp(builder.Configuration.GetSection("RedisResilience"));
        builder.Services.AddRedisResilience(connectionString, options => options.ConfigureConnection = async connection =>
        {
            connection.Password = await tokens.GetAsync();       // a token that is valid just now
            connection.TrustIssuer("redis-ca.pem");              // a CA of your own
        });
    }

    public static void SeveralServers(WebApplicationBuilder builder, WebApplication app, RateLimit perMinute)
    {
        builder.Services.AddRedisResilience(builder.Configuration.GetConnectionString("Redis"))
            .AddHttp(options => options.AddPolicy("login", new RateLimitPolicy(perMinute) { Redis = "limits" }));
        builder.Services.AddRedisResilience("limits", builder.Configuration.GetConnectionString("Limits"));
        builder.Services.AddRedisResilience("pages", builder.Configuration.GetConnectionString("Pages"));
        builder.Services.AddHttpClient("quotes")
            .AddRedisResilienceCache(cache => cache.Redis = "pages")
            .AddRedisResilienceLimit("quotes", perMinute, limit => limit.Redis = "limits");

        app.MapPost("/login", LogInAsync).RequireRateLimit("login");                   // counted in "limits"
        app.MapGet("/news", ReadNewsAsync).CacheResponse(response => response.Redis("pages"));
        app.MapGet("/prices", ([FromKeyedServices("pages")] IResponseCache cache) => ReadPricesAsync(cache));
    }

    public static void Dashboard(WebApplication app)
    {
        app.MapRedisResilienceDashboard("/redis");
        app.MapRedisResilienceDashboard("/redis").RequireAuthorization("operators");
        app.MapRedisResilienceDashboard("/redis", options =>
            options.AccessFilter = context => ValueTask.FromResult(context.Connection.LocalPort == 9000));
    }

    public static void Adapters(WebApplicationBuilder builder)
    {
        builder.Services.AddRedisResilience(builder.Configuration["REDIS_URL"])
            .AddDistributedCache()   // IDistributedCache: sessions, HybridCache, ...
            .AddOutputCache();       // IOutputCacheStore: UseOutputCache()
    }

    public static void LocalTier(WebApplicationBuilder builder, string connectionString)
    {
        builder.Services.AddRedisResilience(connectionString, options =>
        {
            options.LocalTier.KeyPrefixes.Add("predictions:");
            options.LocalTier.MaximumBytes = 64 * 1024 * 1024;
            options.LocalTier.MaximumStaleness = TimeSpan.FromSeconds(5);
        });
    }

    public static void Mongo(WebApplicationBuilder builder, string redisUrl, string mongoUrl)
    {
        builder.Services.AddRedisResilience(redisUrl)
            .AddMongo(options =>
            {
                options.ConnectionString = mongoUrl;      // or an IMongoClient among the services
                options.Database = "predictions";
                options.Collection = "predictions";
                options.KeyPrefix = "predictions:v1";
            })
            .AddChangeStreamInvalidation();
    }

    public static void MongoFailures(WebApplicationBuilder builder, WebApplication app, string redisUrl)
    {
        builder.Services.AddRedisResilience(redisUrl).AddHttp().AddMongoProblemDetails();   // AddMongo does it, too
        builder.Services.AddProblemDetails();
        app.UseExceptionHandler();
        app.UseRedisResilience();
    }

    public static void SeveralCollections(IRedisResilienceBuilder redis)
    {
        redis.AddMongo("users", options =>
        {
            options.Database = "accounts";
            options.Collection = "users";
            options.KeyPrefix = "users:v1";
        });
        redis.AddChangeStreamInvalidation("users");
    }

    public static async Task<bool> MongoQuotaAsync(IMongoDatabase database, IPermitPool permitPool, string account)
    {
        // permitPool: the IPermitPool of the services
        var quota = new MongoQuota(database.GetCollection<BsonDocument>("quotas"), permitPool);
        var plan = new CalendarQuota(10_000, QuotaPeriod.Month) { MaximumPrefetch = 100 };
        RateLimitDecision decision = await quota.AcquireAsync(account, plan);
        decision = await quota.AcquireAsync(
            account, RateLimit.SlidingWindow(10_000, TimeSpan.FromDays(30)).WithPrefetch(100));
        return decision.IsAllowed;
    }

    private static Task<string> LogInAsync() => Task.FromResult("");

    private static Task<string> ReadNewsAsync() => Task.FromResult("");

    private static async Task<bool> ReadPricesAsync(IResponseCache cache)
    {
        using var prices = await cache.GetAsync("prices");
        return prices.HasBody;
    }

    internal sealed class TokenSource
    {
        private readonly string _token = "token";

        public Task<string> GetAsync() => Task.FromResult(_token);
    }
}
