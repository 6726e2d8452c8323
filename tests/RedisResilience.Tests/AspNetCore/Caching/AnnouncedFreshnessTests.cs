using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RedisResilience.Tests.AspNetCore.Caching;

/// <summary><c>AnnounceFreshness</c>: the same is said on a miss and on a hit.</summary>
public sealed class AnnouncedFreshnessTests
{
    // What is said to shared caches is not for clients, and what the response says itself is not said again.
    [TestCase("CDN-Cache-Control", "max-age=600", null)]
    [TestCase("CDN-Cache-Control", "public", "max-age=60")]
    [TestCase("RedisResilience-Cache-Control", "max-age=600", null)]
    [TestCase("Cache-Control", "max-age=5", "max-age=5")]
    [TestCase("X-Other", "1", "max-age=60")]
    public async Task CacheControl_IsTheSameOnMissAndHit(string name, string value, string? told)
    {
        await using var app = await HttpApp.StartAsync(app => app.MapGet("/", context =>
        {
            context.Response.Headers[name] = value;
            return context.Response.WriteAsJsonAsync(1);
        }).CacheResponse(response => response.Key("key").AnnounceFreshness()));

        var miss = await app.GetAsync("/");
        var hit = await app.GetAsync("/");

        Assert.That(hit.Field("Cache-Status"), Does.Contain("; hit"));
        Assert.That(new[] { miss, hit }.Select(response => response.Field("Cache-Control")), Is.All.EqualTo(told));
    }
}
