using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.AspNetCore.RateLimiting.Platform;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.AspNetCore.RateLimiting.Platform;

/// <summary>The platform's own middleware, with policies of ours.</summary>
public sealed class PlatformMiddlewareTests
{
    private static readonly RateLimit Five = RateLimit.FixedWindow(5, TimeSpan.FromMinutes(1));

    [Test]
    public async Task Request_IsAskedForOnce()
    {
        await using var app = await StartAsync(options => options.AddRedisPolicy("five", Five, RateLimitKeys.Header("X-Api-Key")));

        var response = await app.GetAsync("/", ("X-Api-Key", "secret"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(app.Limiter.Asked, Is.EqualTo(new[] { (PartitionKey.Hash("secret"), Five with { Name = "five" }, 1) }));
    }

    [Test]
    public async Task PermitThatIsHere_IsTakenByTheFirstQuestion_AndAGlobalLimiterIsChargedOnce()
    {
        using var global = new FixedWindowRateLimiter(
            new FixedWindowRateLimiterOptions { PermitLimit = 10, Window = TimeSpan.FromHours(1), AutoReplenishment = false });
        await using var app = await StartAsync(options =>
        {
            options.AddRedisPolicy("five", Five);
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, int>(_ => new RateLimitPartition<int>(0, _ => global));
        });
        app.Limiter.Know = limit => FakeLimiter.Allowed(limit) with { Source = DecisionSource.Local };

        Assert.That((await app.GetAsync("/")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(app.Limiter.Asked, Is.Empty);
        Assert.That(global.GetStatistics()!.CurrentAvailablePermits, Is.EqualTo(9));
    }

    [Test]
    public async Task Denied_Is429ByTheStandardsAndNotThePlatforms503()
    {
        await using var app = await StartAsync(options => options.AddRedisPolicy("five", Five));
        app.Limiter.Decide = limit => Task.FromResult(FakeLimiter.Denied(limit, 12.1));

        var response = await app.GetAsync("/");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(response.Field("Retry-After"), Is.EqualTo("13"));
        Assert.That(response.Field("RateLimit-Policy"), Is.EqualTo("\"five\";q=5;w=60"));
        Assert.That(response.Field("RateLimit"), Is.EqualTo("\"five\";r=0;t=13"));
        Assert.That(
            await response.Content.ReadAsStringAsync(), Does.Contain("#quota-exceeded").And.Contain("\"violated-policies\":[\"five\"]"));
    }

    [Test]
    public async Task OnRejectedOfTheApplication_GoesFirst()
    {
        await using var app = await StartAsync(options =>
        {
            options.AddRedisPolicy("five", Five);
            options.RejectionStatusCode = 418;
            options.OnRejected = (context, _) =>
            {
                context.HttpContext.Response.Headers["X-Source"] = context.Lease.TryGetMetadata(
                    RateLimitMetadataNames.Source, out var decider) ? $"{decider}" : "";
                return default;
            };
        });
        app.Limiter.Decide = limit => Task.FromResult(FakeLimiter.Denied(limit, 12));

        var response = await app.GetAsync("/");

        Assert.That((int)response.StatusCode, Is.EqualTo(418));
        Assert.That(response.Field("X-Source"), Is.EqualTo("Redis"));
    }

    [Test]
    public async Task PolicysWords_Hold()
    {
        var limit = Five;
        await using var app = await StartAsync(options => options.AddRedisPolicy("five", new RateLimitPolicy(_ => limit)
        {
            Cost = context => context.Request.Query.ContainsKey("dear") ? 3 : 1,
            IsExempt = context => context.Request.Query.ContainsKey("free"),
        }));

        await app.GetAsync("/?dear");
        await app.GetAsync("/?free");
        limit = RateLimit.FixedWindow(6, TimeSpan.FromMinutes(1));
        await app.GetAsync("/");

        Assert.That(app.Limiter.Asked.Select(
            asked => (asked.Limit.Permits, asked.Permits)), Is.EqualTo(new[] { (5, 3), (6, 1) }), "a changed limit holds at once");
    }

    [Test]
    public async Task ConcurrencyPermit_IsHeldForTheRequest()
    {
        using var limiter = new InMemoryRateLimiter();
        var inside = 0;
        await using var app = await StartAsync(
            options => options.AddRedisPolicy("five", RateLimit.Concurrency(1)),
            limiter,
            async () =>
                inside = (await limiter.AcquireAsync("unknown", RateLimit.Concurrency(1) with { Name = "five" }, permits: 0)).Remaining);

        for (var request = 0; request < 3; request++)
        {
            Assert.That((await app.GetAsync("/")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(inside, Is.Zero);
        }
    }

    private static Task<HttpApp> StartAsync(Action<RateLimiterOptions> options, IRateLimiter? limiter = null, Func<Task>? handler = null) =>
        HttpApp.StartAsync(
        app =>
        {
            app.UseRouting();
            app.UseRateLimiter();
            ((IEndpointRouteBuilder)app).MapGet("/", handler ?? (() => Task.CompletedTask)).RequireRateLimiting("five");
        },
        services: services => services.AddRateLimiter(options),
        middleware: false,
        counting: limiter);
}
