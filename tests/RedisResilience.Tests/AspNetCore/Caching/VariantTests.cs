using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace RedisResilience.Tests.AspNetCore.Caching;

/// <summary>Responses that vary by what only they themselves name.</summary>
public sealed class VariantTests
{
    [Test]
    public async Task ResponseThatVaries_IsGivenOnlyToItsOwnRequests()
    {
        var runs = 0;
        await using var app = await StartAsync(context => $"{context.Request.Headers["X-Kind"]} {++runs}");

        Assert.That(await TextAsync(app, "a"), Is.EqualTo("\"a 1\""));
        Assert.That(await TextAsync(app, "b"), Is.EqualTo("\"b 2\""));
        Assert.That(await TextAsync(app, null), Is.EqualTo("\" 3\""));
        Assert.That(await TextAsync(app, "a"), Is.EqualTo("\"a 1\""));
        Assert.That(await TextAsync(app, "b"), Is.EqualTo("\"b 2\""));
        Assert.That(runs, Is.EqualTo(3));
    }

    [Test]
    public async Task RemovedEntry_TakesItsVariantsAlong()
    {
        var runs = 0;
        await using var app = await StartAsync(_ => $"{++runs}");
        await TextAsync(app, "a");
        await TextAsync(app, "b");

        await app.Cache.RemoveAsync("key");
        var a = await TextAsync(app, "a");
        var b = await TextAsync(app, "b");

        Assert.That(a, Is.EqualTo("\"3\""));
        Assert.That(b, Is.EqualTo("\"4\""), "the old variant hangs on an entry that is no more");
    }

    [Test]
    public async Task CorsInside_GivesEachOriginItsOwn()
    {
        await using var app = await CorsAsync(isInside: true);

        var first = await app.GetAsync("/", ("Origin", "https://a.test"));
        var other = await app.GetAsync("/", ("Origin", "https://b.test"));
        var none = await app.GetAsync("/");
        var again = await app.GetAsync("/", ("Origin", "https://a.test"));

        Assert.That(first.Field("Access-Control-Allow-Origin"), Is.EqualTo("https://a.test"));
        Assert.That(other.Field("Access-Control-Allow-Origin"), Is.EqualTo("https://b.test"));
        Assert.That(none.Field("Access-Control-Allow-Origin"), Is.Null);
        Assert.That(again.Field("Access-Control-Allow-Origin"), Is.EqualTo("https://a.test"));
        Assert.That(again.Field("Cache-Status"), Does.Contain("; hit"));
    }

    [Test]
    public async Task CorsOutside_SharesOneEntry()
    {
        await using var app = await CorsAsync(isInside: false);

        await app.GetAsync("/", ("Origin", "https://a.test"));
        var other = await app.GetAsync("/", ("Origin", "https://b.test"));

        Assert.That(other.Field("Cache-Status"), Does.Contain("; hit"));
        Assert.That(other.Field("Access-Control-Allow-Origin"), Is.EqualTo("https://b.test"));
        Assert.That(app.Cache.Entries, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Compression_WorksInEveryOrder(
        [Values] bool isInside, [Values(null, "br", "gzip")] string? first, [Values(null, "br", "gzip;q=0.5, identity")] string? second)
    {
        var text = new string('a', 2000);
        await using var app = await HttpApp.StartAsync(
            app =>
            {
                if (isInside)
                {
                    app.UseResponseCompression();
                }

                app.MapGet("/", () => Results.Text(text)).CacheResponse(response => response.Key("key").VaryByHeader("X-Any"));
            },
            outer: app =>
            {
                if (!isInside)
                {
                    app.UseResponseCompression();
                }
            },
            services: services => services.AddResponseCompression());

        await DecodeAsync(first);
        var response = await DecodeAsync(second);

        Assert.That(response.Field("Cache-Status"), Does.Contain("; hit"));
        Assert.That(response.Field("Vary"), Does.Contain("X-Any").IgnoreCase);
        if (second is null or "gzip;q=0.5, identity")
        {
            Assert.That(response.Field("ETag"), Does.StartWith("\""), "what is not compressed has its strong tag");
        }

        async Task<HttpResponseMessage> DecodeAsync(string? codings)
        {
            var response = await app.GetAsync("/", codings is null ? [] : [("Accept-Encoding", codings)]);
            Stream body = await response.Content.ReadAsStreamAsync();
            await using var decoded = response.Field("Content-Encoding") switch
            {
                "br" => new System.IO.Compression.BrotliStream(body, System.IO.Compression.CompressionMode.Decompress),
                "gzip" => new System.IO.Compression.GZipStream(body, System.IO.Compression.CompressionMode.Decompress),
                _ => body,
            };
            Assert.That(await new StreamReader(decoded).ReadToEndAsync(), Is.EqualTo(text));
            Assert.That(response.Field("Content-Encoding"), codings is "br" ? Is.EqualTo("br").Or.Null : Is.Null.Or.EqualTo("gzip"));
            return response;
        }
    }

    private static Task<HttpApp> CorsAsync(bool isInside) => HttpApp.StartAsync(
        app =>
        {
            if (isInside)
            {
                app.UseCors();
            }

            app.MapGet("/", () => Results.Json(1)).CacheResponse("key");
        },
        outer: app =>
        {
            if (!isInside)
            {
                app.UseCors();
            }
        },
        services: services =>
            services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins("https://a.test", "https://b.test"))));

    private static Task<HttpApp> StartAsync(Func<HttpContext, string> body) =>
        HttpApp.StartAsync(app => app.MapGet("/", (HttpContext context) =>
    {
        context.Response.Headers.Vary = "X-Kind";
        return Results.Json(body(context));
    }).CacheResponse("key"));

    private static async Task<string> TextAsync(HttpApp app, string? kind) =>
        await (await app.GetAsync("/", kind is null ? [] : [("X-Kind", kind)])).Content.ReadAsStringAsync();
}
