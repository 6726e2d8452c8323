using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.AspNetCore.RateLimiting;

/// <summary>What a limit says to one client is never stored for others.</summary>
public sealed class LimitFieldsOfTheCacheTests
{
    [Test]
    public async Task Hit_TellsItsOwnRequestsState()
    {
        await using var app = await HttpApp.StartAsync(
            app => app.MapGet("/", (HttpResponse response) =>
            {
                response.Headers["X-RateLimit-Remaining"] = "7";
                return Results.Json("body");
            }).RequireRateLimit().CacheResponse("key"));

        using var miss = await app.GetAsync("/");
        app.Limiter.Decide = limit => Task.FromResult(FakeLimiter.Allowed(limit) with { Remaining = 42 });
        using var hit = await app.GetAsync("/");
        app.Limiter.Decide = limit => Task.FromResult(FakeLimiter.Allowed(limit) with { Source = DecisionSource.None });
        using var uncounted = await app.GetAsync("/");

        Assert.That(miss.Field("RateLimit"), Does.Contain("r=99"));
        Assert.That(hit.Field("Cache-Status"), Does.Contain("hit"));
        Assert.That(hit.Field("RateLimit"), Does.Contain("r=42"));
        foreach (var field in new[] { "RateLimit", "RateLimit-Policy", "X-RateLimit-Remaining", "Retry-After" })
        {
            Assert.That(uncounted.Field(field), Is.Null, field);
        }
    }
}
