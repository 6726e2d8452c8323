using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace RedisResilience.Tests.AspNetCore.Caching.Keys;

/// <summary>
/// Keys that the builder makes itself: two requests share one only if the same endpoint answers them with the same input.
/// </summary>
public sealed class MadeKeyTests
{
    [Test]
    public async Task Host_IsInTheKey()
    {
        await using var app = await HttpApp.StartAsync(
            app => app.MapGet("/", (HttpContext context) => context.Request.Host.Value).CacheResponse(_ => { }));

        Assert.That(await TextAsync(app, "http://good.test/"), Is.EqualTo("good.test"));
        Assert.That(await TextAsync(app, "http://evil.test/"), Is.EqualTo("evil.test"));
        Assert.That(await TextAsync(app, "http://GOOD.test/"), Is.EqualTo("good.test"), "a host has no case");
    }

    [Test]
    public async Task PathBase_IsInTheKey()
    {
        await using var app = await HttpApp.StartAsync(
            app =>
            {
                app.UsePathBase("/t1");
                app.UsePathBase("/t2");
                app.UseRouting();
                app.UseRedisResilience();
                app.MapGet("/pb", (HttpContext context) => context.Request.PathBase.Value).CacheResponse(_ => { });
            },
            middleware: false);

        Assert.That(await TextAsync(app, "/t1/pb"), Is.EqualTo("/t1"));
        Assert.That(await TextAsync(app, "/t2/pb"), Is.EqualTo("/t2"));
        Assert.That(await TextAsync(app, "/pb"), Is.Empty);
    }

    [Test]
    public async Task EndpointsOfOnePattern_HaveKeysOfTheirOwn()
    {
        await using var app = await HttpApp.StartAsync(app =>
        {
            app.MapGet("/hosted", () => "a").RequireHost("a.test").CacheResponse(_ => { });
            app.MapGet("/hosted", () => "b").RequireHost("*.b.test").CacheResponse(_ => { });
            app.MapGet("/x/{id}", () => "low").CacheResponse(_ => { });
            app.MapGet("/x/{name}", () => "high").WithOrder(1).RequireHost("c.test").CacheResponse(_ => { });
        });

        Assert.That(await TextAsync(app, "http://a.test/hosted"), Is.EqualTo("a"));
        Assert.That(await TextAsync(app, "http://x.b.test/hosted"), Is.EqualTo("b"));
        Assert.That(app.Cache.Entries.Keys.Select(key => key.Split(":+")[1]).Distinct().Count(), Is
            .EqualTo(2), "also where one host might meet both");
    }

    [TestCase("/query?page=1", "/query?page=2")]
    [TestCase("/attribute?p=1", "/attribute?p=2")]
    [TestCase("/array?ids=1&ids=2", "/array?ids=1")]
    [TestCase("/group?page=1&size=2", "/group?page=1&size=3")]
    public async Task BoundQuery_IsInTheKey(string first, string second)
    {
        await using var app = await HttpApp.StartAsync(app =>
        {
            app.MapGet("/query", (int? page, string? sort) => $"{page}{sort}").CacheResponse(_ => { });
            app.MapGet("/attribute", ([FromQuery(Name = "p")] int page) => page).CacheResponse(_ => { });
            app.MapGet("/array", (int[] ids) => string.Join(',', ids)).CacheResponse(_ => { });
            app.MapGet("/group", ([AsParameters] Paging paging) => $"{paging.Page} {paging.Size}").CacheResponse(_ => { });
        });

        var one = await TextAsync(app, first);
        var other = await TextAsync(app, second);

        Assert.That(other, Is.Not.EqualTo(one));
        Assert.That(await TextAsync(app, first + "&utm_source=x"), Is.EqualTo(one));
        Assert.That(app.Cache.Entries, Has.Count.EqualTo(2), "what nobody binds never makes an entry");
    }

    [Test]
    public async Task BoundHeader_IsInTheKeyAndInVary()
    {
        await using var app = await HttpApp.StartAsync(app =>
            app.MapGet("/", ([FromHeader(Name = "X-Tenant")] string? tenant) => $"of {tenant}").CacheResponse(_ => { }));

        var a = await app.GetAsync("/", ("X-Tenant", "a"));
        var b = await app.GetAsync("/", ("X-Tenant", "b"));

        Assert.That(await a.Content.ReadAsStringAsync(), Is.EqualTo("of a"));
        Assert.That(await b.Content.ReadAsStringAsync(), Is.EqualTo("of b"));
        Assert.That(b.Field("Vary"), Is.EqualTo("x-tenant"));
    }

    private static async Task<string> TextAsync(HttpApp app, string address)
    {
        var response = await app.GetAsync(address);
        Assert.That((int)response.StatusCode, Is.EqualTo(200), address);
        return await response.Content.ReadAsStringAsync();
    }

    private sealed record Paging(int Page, int Size);
}
