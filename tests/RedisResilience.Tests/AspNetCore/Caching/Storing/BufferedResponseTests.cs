using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RedisResilience.Tests.AspNetCore.Caching.Storing;

/// <summary>Middleware outside that takes the body into its own memory first: nothing starts until it is sent from there.</summary>
public sealed class BufferedResponseTests
{
    [TestCase("Set-Cookie", "session=1", "set-cookie")]
    [TestCase("Cache-Control", "no-store", "cache-control")]
    public async Task FieldOutsideThatComesAfterwards_KeepsTheResponseOut(string name, string value, string detail)
    {
        foreach (var isLate in new[] { false, true })
        {
            await using var app = await StartAsync(inside: null, outside: context => Set(context, isLate, name, value));

            var response = await app.GetAsync("/");

            Assert.That(response.Field("Cache-Status"), Is.EqualTo($"RedisResilience; fwd=uri-miss; detail={detail}"));
            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("1"));
            Assert.That(app.Cache.Entries, Is.Empty);
        }
    }

    [Test]
    public async Task LateFieldInside_IsStored()
    {
        await using var app = await StartAsync(
            inside: context => Set(context, isLate: true, "Access-Control-Allow-Origin", context.Request.Headers.Origin!),
            outside: context => context.Response.Headers["X-Outside"] = "1");

        var miss = await app.GetAsync("/", ("Origin", "https://a.test"));
        var hit = await app.GetAsync("/", ("Origin", "https://a.test"));

        Assert.That(miss.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; stored"));
        Assert.That(hit.Field("Cache-Status"), Does.Contain("; hit"));
        Assert.That(hit.Field("Access-Control-Allow-Origin"), Is.EqualTo("https://a.test"));
        Assert.That(hit.Field("X-Outside"), Is.EqualTo("1"));
        Assert.That(System.Text.Encoding.ASCII.GetString(app.Cache.Entries.Single().Value.Annotation), Does.Not.Contain("X-Outside"));
        Assert.That(app.Cache.Text("key"), Is.EqualTo("1"));
        Assert.That(hit.Field("ETag"), Is.EqualTo(miss.Field("ETag")));
    }

    [Test]
    public async Task LateVaryInside_IsHeard()
    {
        await using var app = await StartAsync(inside: context => Set(context, isLate: true, "Vary", "*"), outside: null);

        var response = await app.GetAsync("/");

        Assert.That(response.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; detail=vary"));
    }

    [Test]
    public async Task ClientThatHasItAlready_IsToldSoAndItIsStored()
    {
        await using var first = await StartAsync(inside: null, outside: null);
        var tag = (await first.GetAsync("/")).Field("ETag")!;
        await using var app = await StartAsync(inside: null, outside: null);

        var response = await app.GetAsync("/", ("If-None-Match", tag));

        Assert.That((int)response.StatusCode, Is.EqualTo(304));
        Assert.That(app.Cache.Text("key"), Is.EqualTo("1"));
        Assert.That((int)(await app.GetAsync("/")).StatusCode, Is.EqualTo(200));
    }

    private static void Set(HttpContext context, bool isLate, string name, string value)
    {
        if (!isLate)
        {
            context.Response.Headers[name] = value;
            return;
        }

        context.Response.OnStarting(() =>
        {
            context.Response.Headers[name] = value;
            return Task.CompletedTask;
        });
    }

    private static Task<HttpApp> StartAsync(Action<HttpContext>? inside, Action<HttpContext>? outside) => HttpApp.StartAsync(
        app =>
        {
            app.Use((context, next) =>
            {
                inside?.Invoke(context);
                return next(context);
            });
            app.MapGet("/", () => Results.Json(1)).CacheResponse("key");
        },
        outer: app => app.Use(async (context, next) =>
        {
            var body = context.Response.Body;
            using var own = new MemoryStream();
            context.Response.Body = own;
            await next(context);
            outside?.Invoke(context);
            own.Position = 0;
            context.Response.Body = body;
            await own.CopyToAsync(body);
        }));
}
