using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.AspNetCore;

namespace RedisResilience.Tests.AspNetCore.Caching;

/// <summary>
/// What is stored for an address goes when an unsafe method has succeeded there (RFC 9111, section 4.4), and when the application says so.
/// </summary>
public sealed class UnsafeMethodTests
{
    [TestCase("POST", 200, true)]
    [TestCase("PUT", 204, true)]
    [TestCase("PATCH", 200, true)]
    [TestCase("DELETE", 303, true)]
    [TestCase("FOO", 200, true)]
    [TestCase("POST", 400, false)]
    [TestCase("POST", 500, false)]
    [TestCase("OPTIONS", 200, false)]
    public async Task SuccessOfAnUnsafeMethod_RemovesWhatIsStored(string method, int status, bool removes)
    {
        await using var app = await StartAsync(status);
        await app.GetAsync("/items/1");
        await app.GetAsync("/items/2");

        await app.SendAsync(new HttpMethod(method), "/items/1");

        Assert.That(app.Cache.Entries.ContainsKey("items:1"), Is.EqualTo(!removes));
        Assert.That(app.Cache.Entries.ContainsKey("items:2"), Is.True);
    }

    [TestCase("Location", "/items/2", true)]
    [TestCase("Content-Location", "http://localhost/items/2", true)]
    [TestCase("Location", "http://other.test/items/2", false)]
    [TestCase("Location", "::", false)]
    public async Task AddressThatTheResponseNames_GoesToo(string field, string address, bool removes)
    {
        await using var app = await StartAsync(201, context => context.Response.Headers[field] = address);
        await app.GetAsync("/items/2");

        await app.SendAsync(HttpMethod.Post, "/items/1");

        Assert.That(app.Cache.Entries.ContainsKey("items:2"), Is.EqualTo(!removes));
    }

    [Test]
    public async Task RequestThatMiddlewareAnswers_RemovesTheAddressThatItNames()
    {
        await using var app = await HttpApp.StartAsync(app =>
        {
            app.Use((context, next) =>
            {
                context.Response.Headers.Location = "/items/1";
                return context.Request.Path == "/submit" ? Task.CompletedTask : next(context);
            });
            app.MapGet("/items/{id}", (int id) => id).CacheResponse("items:{id}");
        });
        await app.GetAsync("/items/1");

        await app.SendAsync(HttpMethod.Post, "/submit");

        Assert.That(app.Cache.Entries, Is.Empty);
    }

    [Test]
    public async Task KeptOnUnsafeMethods_IsKept()
    {
        await using var app = await StartAsync(200, configure: response => response.KeepOnUnsafeMethods());
        await app.GetAsync("/items/1");

        await app.SendAsync(HttpMethod.Post, "/items/1");

        Assert.That(app.Cache.Entries, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Variants_GoTogether()
    {
        await using var app = await StartAsync(200, configure: response => response.VaryByHeader("Accept"));
        await app.GetAsync("/items/1", ("Accept", "a/a"));
        await app.GetAsync("/items/1", ("Accept", "b/b"));
        Assert.That(app.Cache.Entries, Has.Count.EqualTo(2));

        await app.SendAsync(HttpMethod.Post, "/items/1");

        Assert.That(app.Cache.Entries, Is.Empty);
    }

    [Test]
    public async Task Invalidator_MakesTheKeyFromNameAndValues()
    {
        IResponseCacheInvalidator? invalidator = null;
        await using var app = await HttpApp.StartAsync(app =>
        {
            invalidator = app.Services.GetRequiredService<IResponseCacheInvalidator>();
            app.MapGet("/items/{id}", (int id) => id).WithName("item")
                .CacheResponse(response => response.Key("items:{id}").VaryByQuery("page"));
            app.MapGet("/made/{id}", (int id, int? page) => id).WithName("made").CacheResponse(_ => { });
            app.MapGet("/fn", () => 1).WithName("function").CacheResponse(_ => "x");
        });
        foreach (var path in new[] { "/items/1", "/items/1?page=2", "/made/1", "/made/1?page=2" })
        {
            await app.GetAsync(path);
        }

        Assert.That(app.Cache.Entries, Has.Count.EqualTo(4));
        await invalidator!.RemoveAsync("item", new() { ["id"] = 1 });
        Assert.That(app.Cache.Entries.Keys, Has.None.EqualTo("items:1"));
        await invalidator.RemoveAsync("item", new() { ["id"] = 1, ["page"] = 2 });
        await invalidator.RemoveAsync("made", new() { ["id"] = 1, ["page"] = 2 }, new HostString("localhost"));
        await invalidator.RemoveAsync("made", new() { ["id"] = 1 }, new HostString("localhost"));
        Assert.That(app.Cache.Entries, Is.Empty);

        Assert.That(() => invalidator.RemoveAsync("nobody"), Throws.ArgumentException);
        Assert.That(() => invalidator.RemoveAsync("item"), Throws.ArgumentException.With.Message.Contains("value is missing"));
        Assert.That(() => invalidator.RemoveAsync("made", new() { ["id"] = 1 }), Throws.ArgumentException.With.Message.Contains("host"));
        Assert.That(() => invalidator.RemoveAsync("function"), Throws.ArgumentException);
    }

    private static Task<HttpApp> StartAsync(
        int status, Action<HttpContext>? change = null, Action<CacheResponseBuilder>? configure = null) => HttpApp.StartAsync(app =>
    {
        app.MapGet("/items/{id}", (int id) => id).CacheResponse(response =>
        {
            response.Key("items:{id}");
            configure?.Invoke(response);
        });
        app.MapMethods("/items/{key}", ["POST", "PUT", "PATCH", "DELETE", "FOO", "OPTIONS"], (HttpContext context) =>
        {
            context.Response.StatusCode = status;
            change?.Invoke(context);
            return Task.CompletedTask;
        });
    });
}
