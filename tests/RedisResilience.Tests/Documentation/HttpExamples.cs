using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.AspNetCore;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.AspNetCore.RateLimiting.Platform;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.Documentation;

internal static class HttpExamples
{
    public static void Endpoints(WebApplication app)
    {
        app.UseRedisResilience();
        // the default policy: Permits an hour per client address
        var group = app.MapGroup("/predictions").RequireRateLimit();
        group.MapGet("{symbol}", ReadAsync).CacheResponse("predictions:v1:{symbol}");  // the default time to live
        app.MapPost("/login", LogInAsync).RequireRateLimit("login");                  // options.AddPolicy("login", limit, key)
    }

    public static void Policies(IRedisResilienceBuilder redis, WebApplication app, RateLimit perSecond, RateLimit perDay)
    {
        redis.AddHttp(options => options
            .AddPolicy("login", RateLimit.SlidingLog(5, TimeSpan.FromMinutes(1)) with { FailurePolicy = FailurePolicy.Deny })
            .AddPolicy("api", new RateLimitPolicy(RateLimit.All(perSecond, perDay))
            {
                Key = RateLimitKeys.User,
                Cost = context => CostOf(context.Request),
            })
            .AddPolicy("tenant", new RateLimitPolicy(context =>
                context.RequestServices.GetRequiredService<Tenants>().LimitOf(context))
            {
                Key = RateLimitKeys.Claim("tenant"),
            }));

        app.MapGroup("/api").RequireRateLimit("api", "tenant");                        // both hold
        app.MapPost("/export", ExportAsync).RequireRateLimit("api", cost: 20);
        // held until the response ends
        app.MapGet("/live", StreamAsync).RequireRateLimit(RateLimit.Concurrency(10) with { Name = "live" });
    }

    public static void Platform(WebApplicationBuilder builder, RateLimit perAddress)
    {
        builder.Services.AddRateLimiter(
            options => options.AddRedisPolicy("login", RateLimit.FixedWindow(5, TimeSpan.FromMinutes(1)), RateLimitKeys.User));
        builder.Services.AddOptions<RateLimiterOptions>().Configure<IRateLimiter>((options, limiter) =>
            options.GlobalLimiter = new RedisPartitionedRateLimiter<HttpContext>(
                limiter, RateLimitKeys.Address, _ => perAddress));
    }

    public static void Responses(RouteGroupBuilder group)
    {
        group.MapGet("{symbol}", ReadAsync).CacheResponse(response => response
            .Key("predictions:v1:{symbol}")                     // without it: the route pattern and its values
            .VaryByQuery("page", "size").VaryByHeader("Accept-Language").IgnoreCase()
            .Duration(TimeSpan.FromMinutes(1))                  // without it: TimeToLive
            .StaleWhileRevalidate(TimeSpan.FromSeconds(30)).StaleIfError(TimeSpan.FromHours(1))
            .Status(StatusCodes.Status404NotFound, TimeSpan.FromSeconds(5))
            .Tags("predictions", "symbol:{symbol}"));           // cache.RemoveByTagAsync("symbol:AAPL")
    }

    private static Task<string> ReadAsync(string symbol) => Task.FromResult(symbol);

    private static Task<string> LogInAsync() => Task.FromResult("");

    private static Task<string> ExportAsync() => Task.FromResult("");

    private static Task<string> StreamAsync() => Task.FromResult("");

    private static int CostOf(HttpRequest request) => request.Query.Count;

    private sealed class Tenants
    {
        private readonly RateLimit _limit = RateLimit.FixedWindow(100, TimeSpan.FromHours(1));

        public RateLimit LimitOf(HttpContext context) => _limit with { Name = context.User.Identity?.Name };
    }
}
