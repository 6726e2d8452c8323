using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.AspNetCore;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.AspNetCore.Caching;

/// <summary>Controllers that say by attributes what endpoints say by extensions.</summary>
public sealed class ControllerTests
{
    [Test]
    public async Task Action_IsLimitedAndCachedByItsAttributes()
    {
        await using var app = await HttpApp.StartAsync(
            app => app.MapControllers(),
            options => options.AddPolicy("reads", RateLimit.FixedWindow(5, TimeSpan.FromSeconds(1)))
                .AddPolicy("exports", RateLimit.FixedWindow(5, TimeSpan.FromSeconds(1))),
            services: services =>
                services.AddControllers().AddApplicationPart(typeof(ControllerTests).Assembly));

        var first = await app.GetAsync("/quotes/AAPL?page=1");
        var second = await app.GetAsync("/quotes/AAPL?page=2&utm_source=x");
        var again = await app.GetAsync("/quotes/AAPL?page=2");
        await app.GetAsync("/quotes");

        Assert.That(await first.Content.ReadAsStringAsync(), Is.EqualTo("AAPL 1"));
        Assert.That(await second.Content.ReadAsStringAsync(), Is.EqualTo("AAPL 2"));
        Assert.That(again.Field("Cache-Status"), Does.Contain("; hit"));
        Assert.That(
            app.Limiter.Asked.Select(asked => asked.Permits), Is.EqualTo(new[] { 3, 3, 3 }), "the free action is asked for nothing");
        Assert.That(app.Cache.Entries, Has.Count.EqualTo(2));
    }
}

[System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1822", Justification = "An action is an instance's.")]
[Route("quotes")]
[RateLimit(Cost = 3)]
public sealed class QuotesController : ControllerBase
{
    [HttpGet("{symbol}")]
    [CacheResponse(Duration = 5)]
    public string Read(string symbol, int page = 1) => $"{symbol} {page}";

    [HttpGet]
    [DisableRateLimit]
    public string Free() => "";
}
