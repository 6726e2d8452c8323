using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.AspNetCore;
using RedisResilience.Caching;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.Documentation;

/// <summary>What the packages' own pages show.</summary>
internal static class PackageExamples
{
    public static void Registration(WebApplicationBuilder builder) =>
        builder.Services.AddRedisResilience(builder.Configuration["REDIS_URL"]);

    public static async Task CoreAsync(IRateLimiter limiter, IResponseCache cache, PredictionStore store)
    {
        RateLimitDecision decision = await limiter.AcquireAsync("192.168.1.1", RateLimit.FixedWindow(100, TimeSpan.FromHours(1)));

        using CachedResponse response = await cache.GetOrCreateAsync(
            "predictions:v1:AAPL", TimeSpan.FromSeconds(60), store, static (store, token) => store.ReadAsync("AAPL", token));
        _ = (decision, response);
    }

    public static void Http(WebApplicationBuilder builder)
    {
        builder.Services.AddRedisResilience(builder.Configuration["REDIS_URL"])
            .AddHttp(builder.Configuration.GetSection("RedisResilience"));        // Permits 100, Window 01:00:00, TimeToLive 00:01:00
        builder.Services.AddHealthChecks().AddRedisResilience();   // degraded, never unhealthy, when Redis is away

        var app = builder.Build();
        app.UseRedisResilience();
        app.MapGet("/predictions/{symbol}", ReadAsync).RequireRateLimit().CacheResponse("predictions:v1:{symbol}");
    }

    private static IResult ReadAsync(string symbol) => Results.Text(symbol);

    [SuppressMessage("Performance", "CA1822", Justification = "An application's own store has state.")]
    internal sealed class PredictionStore
    {
        public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string symbol, CancellationToken cancellationToken) =>
            new(new byte[symbol.Length]);
    }
}
