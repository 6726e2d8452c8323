using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.AspNetCore;
using RedisResilience.Caching;

namespace RedisResilience.Tests.AspNetCore.Caching;

/// <summary>What comes back on a hit: the response as the endpoint made it, without what was one connection's or one request's.</summary>
public sealed class StoredResponseTests
{
    private static readonly byte[] Text = Encoding.UTF8.GetBytes(new string('a', 2000));

    [Test]
    public async Task AnyMediaType_ComesBackWithItsFields()
    {
        await using var app = await StartAsync(
            context =>
            {
                var headers = context.Response.Headers;
                context.Response.ContentType = "text/html; charset=utf-8";
                headers.ContentLanguage = "de";
                headers.LastModified = "Thu, 01 Jan 2026 00:00:00 GMT";
                headers.ETag = "\"mine\"";
                headers["X-Kept"] = "1";
                headers["Server-Timing"] = "db;dur=1";
                headers["X-Left"] = "1";
                headers["RateLimit"] = "\"a\";r=1";
                headers["traceparent"] = "00-1-2-00";
                headers.Date = "Thu, 01 Jan 2026 00:00:00 GMT";
                headers.Server = "mine";
                return context.Response.WriteAsync("<p>");
            },
            response => response.StoreHeader("Server-Timing").DoNotStoreHeader("X-Left"));

        await app.GetAsync("/AAPL");
        var hit = await app.GetAsync("/AAPL");

        Assert.That(hit.Field("Cache-Status"), Does.Contain("; hit"));
        Assert.That(await hit.Content.ReadAsStringAsync(), Is.EqualTo("<p>"));
        Assert.That(hit.Field("Content-Type"), Is.EqualTo("text/html; charset=utf-8"));
        Assert.That(hit.Field("Content-Language"), Is.EqualTo("de"));
        Assert.That(hit.Field("Last-Modified"), Is.EqualTo("Thu, 01 Jan 2026 00:00:00 GMT"));
        Assert.That(hit.Field("ETag"), Is.EqualTo("\"mine\""));
        Assert.That(hit.Field("X-Kept"), Is.EqualTo("1"));
        Assert.That(hit.Field("Server-Timing"), Is.EqualTo("db;dur=1"));
        Assert.That(hit.Field("Date"), Is.EqualTo("Thu, 01 Jan 2026 00:00:00 GMT"));
        foreach (var name in new[] { "X-Left", "RateLimit", "traceparent", "Server" })
        {
            Assert.That(hit.Field(name), Is.Null, name);
        }

        Assert.That((await app.GetAsync("/AAPL", ("If-None-Match", "\"mine\""))).StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
    }

    [Test]
    public async Task CookiesForEverybody_AreStoredWhereThatIsAskedFor([Values] bool isSessionOutside)
    {
        await using var app = await StartAsync(
            context =>
            {
                context.Response.Cookies.Append("design", "blue");
                context.Response.Cookies.Append("version", "7");
                return context.Response.WriteAsJsonAsync(1);
            },
            response => response.StoreHeader("Set-Cookie"),
            outer: app => app.Use((context, next) =>
            {
                context.Response.OnStarting(() =>
                {
                    if (isSessionOutside)
                    {
                        context.Response.Cookies.Append("session", "secret");
                    }

                    return Task.CompletedTask;
                });
                return next(context);
            }));

        var miss = await app.GetAsync("/AAPL");
        var hit = await app.GetAsync("/AAPL");

        Assert.That(miss.Field("Cache-Status"), Does.EndWith(isSessionOutside ? "detail=set-cookie" : "; stored"));
        Assert.That(app.Cache.Entries, Has.Count.EqualTo(isSessionOutside ? 0 : 1));
        Assert.That(
            hit.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split('=')[0]),
            Is.EqualTo(isSessionOutside ? ["design", "version", "session"] : new[] { "design", "version" }));
    }

    [Test]
    public async Task CookieThatWasThereBefore_IsNobodyElses()
    {
        await using var app = await StartAsync(
            context =>
            {
                context.Response.Cookies.Append("design", "blue");
                return context.Response.WriteAsJsonAsync(1);
            },
            response => response.StoreHeader("Set-Cookie"),
            outer: app => app.Use((context, next) =>
            {
                context.Response.Cookies.Append("session", "secret");
                return next(context);
            }));

        await app.GetAsync("/AAPL");

        Assert.That(app.Cache.Entries, Is.Empty);
    }

    [Test]
    public async Task StoredCookies_StandBesideThoseOfOthers()
    {
        await using var app = await StartAsync(
            context => context.Response.WriteAsJsonAsync(1),
            outer: app => app.Use((context, next) =>
            {
                context.Response.Cookies.Append("session", "secret");
                return next(context);
            }));
        app.Cache.Put("key:AAPL", new FakeEntry([49]) { Annotation = Encoding.ASCII.GetBytes("200\nSet-Cookie: a=1\nSet-Cookie: b=2\n") });

        Assert.That(
            (await app.GetAsync("/AAPL")).Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split('=')[0]),
            Is.EqualTo(new[] { "session", "a", "b" }));
    }

    [Test]
    public async Task PlainJson_IsStoredAsTheRawBody()
    {
        await using var app = await StartAsync(context => context.Response.WriteAsJsonAsync(1));

        await app.GetAsync("/AAPL");

        var source = app.Cache.Entries["key:AAPL"].Source;
        Assert.That(source.ContentType ?? source.ETag, Is.Null);
        Assert.That(source.Annotation.IsEmpty, Is.True);
    }

    [Test]
    public async Task NegativeResponse_HasATimeOfItsOwn()
    {
        var reached = 0;
        await using var app = await StartAsync(
            context =>
            {
                reached++;
                context.Response.StatusCode = 404;
                context.Response.ContentType = "application/problem+json";
                return context.Response.WriteAsync("{}");
            },
            response => response.Status(404, TimeSpan.FromSeconds(5)));

        var miss = await app.GetAsync("/AAPL");
        var hit = await app.GetAsync("/AAPL");

        Assert.That(app.Cache.StoredFor, Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(miss.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; stored"));
        Assert.That(hit.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(hit.Field("Content-Type"), Is.EqualTo("application/problem+json"));
        Assert.That(await hit.Content.ReadAsStringAsync(), Is.EqualTo("{}"));
        Assert.That(reached, Is.EqualTo(1));
    }

    [Test]
    public async Task BareNegativeResponse_IsLeftToTheStatusPages()
    {
        var reached = 0;
        await using var app = await StartAsync(
            context => { reached++; context.Response.StatusCode = 404; return Task.CompletedTask; },
            response => response.Status(404, TimeSpan.FromSeconds(5)),
            outer: app => app.UseStatusCodePages("text/plain", "page {0}"));

        var miss = await app.GetAsync("/AAPL");
        var hit = await app.GetAsync("/AAPL");

        Assert.That(await miss.Content.ReadAsStringAsync(), Is.EqualTo("page 404"));
        Assert.That(await hit.Content.ReadAsStringAsync(), Is.EqualTo("page 404"));
        Assert.That(hit.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(reached, Is.EqualTo(1));
    }

    [Test]
    public async Task ForeignAnnotation_IsAMiss()
    {
        await using var app = await StartAsync(context => context.Response.WriteAsJsonAsync(1));
        app.Cache.Put("key:AAPL", new FakeEntry([1]) { Annotation = Encoding.UTF8.GetBytes("200\nSet-Cookie: a\r\n\n") });

        var response = await app.GetAsync("/AAPL");

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("1"));
        Assert.That(app.Cache.Text("key:AAPL"), Is.EqualTo("1"));
    }

    [Test]
    public async Task Vary_IsSaidOnMissAndHit()
    {
        await using var app = await StartAsync(
            context =>
            {
                context.Response.Headers.Vary = "accept-language";
                return context.Response.WriteAsJsonAsync($"{context.Request.Headers.AcceptLanguage}");
            },
            response => response.VaryByHeader("Accept-Language"));

        var german = await app.GetAsync("/AAPL", ("Accept-Language", "de"));
        var french = await app.GetAsync("/AAPL", ("Accept-Language", "fr"));
        var hit = await app.GetAsync("/AAPL", ("Accept-Language", "de"));

        Assert.That(new[] { german, french, hit }.Select(response => response.Field("Vary")), Is.All.EqualTo("accept-language"));
        Assert.That(await french.Content.ReadAsStringAsync(), Is.EqualTo("\"fr\""));
        Assert.That(await hit.Content.ReadAsStringAsync(), Is.EqualTo("\"de\""));
        Assert.That(hit.Field("Cache-Status"), Does.Contain("; hit"));
    }

    [TestCase(ContentEncoding.Gzip, "gzip")]
    [TestCase(ContentEncoding.Brotli, "br")]
    public async Task CodedEntry_IsSentAsItIsOrDecoded(ContentEncoding encoding, string coding)
    {
        await using var app = await StartAsync(context => throw new InvalidOperationException());
        var stored = Code(encoding);
        app.Cache.Put("key:AAPL", new FakeEntry(stored) { Encoding = encoding, ContentType = "text/plain", ETag = "\"t\"" });

        var coded = await app.GetAsync("/AAPL", ("Accept-Encoding", coding));
        var plain = await app.GetAsync("/AAPL");

        Assert.That(await coded.Content.ReadAsByteArrayAsync(), Is.EqualTo(stored));
        Assert.That(coded.Field("Content-Encoding"), Is.EqualTo(coding));
        Assert.That(coded.Field("Content-Length"), Is.EqualTo($"{stored.Length}"));
        Assert.That(coded.Field("ETag"), Is.EqualTo($"\"t-{coding}\""));
        Assert.That(await plain.Content.ReadAsByteArrayAsync(), Is.EqualTo(Text));
        Assert.That(plain.Field("Content-Encoding"), Is.Null);
        Assert.That(plain.Field("ETag"), Is.EqualTo("\"t\""));
        Assert.That(new[] { coded, plain }.Select(response => response.Field("Vary")), Is.All.EqualTo("Accept-Encoding"));

        var known = await app.GetAsync("/AAPL", ("Accept-Encoding", coding), ("If-None-Match", $"\"t-{coding}\""));
        Assert.That(known.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(known.Field("Vary"), Is.EqualTo("Accept-Encoding"));
        Assert.That(known.Field("Content-Encoding"), Is.Null);
        Assert.That((await app.GetAsync("/AAPL", ("If-None-Match", $"\"t-{coding}\""))).StatusCode, Is.EqualTo(
            HttpStatusCode.OK), "of another representation");
    }

    [Test]
    public async Task CompressionFurtherOut_LeavesAWeakTag()
    {
        await using var app = await StartAsync(
            context => { context.Response.ContentType = "text/plain"; return context.Response.Body.WriteAsync(Text).AsTask(); },
            outer: app => app.UseResponseCompression(),
            services: services => services.AddResponseCompression());

        var miss = await app.GetAsync("/AAPL", ("Accept-Encoding", "gzip"));
        var hit = await app.GetAsync("/AAPL", ("Accept-Encoding", "gzip"));
        var plain = await app.GetAsync("/AAPL");

        Assert.That(miss.Field("Cache-Status"), Does.EndWith("; stored"));
        Assert.That(miss.Field("Content-Encoding"), Is.EqualTo("gzip"));
        Assert.That(hit.Field("Content-Encoding"), Is.EqualTo("gzip"));
        Assert.That(hit.Field("ETag"), Does.StartWith("W/").And.EqualTo(miss.Field("ETag")));
        Assert.That(plain.Field("ETag"), Is.EqualTo(hit.Field("ETag")![2..]));
        Assert.That(await plain.Content.ReadAsByteArrayAsync(), Is.EqualTo(Text));
        Assert.That(app.Cache.Entries["key:AAPL"].Body, Is.EqualTo(Text));
    }

    [Test]
    public async Task Freshness_IsAnnouncedWhenAsked()
    {
        await using var app = await StartAsync(
            context => context.Response.WriteAsJsonAsync(1),
            response => response.Duration(TimeSpan.FromSeconds(60)).StaleWhileRevalidate(TimeSpan.FromSeconds(30))
                .StaleIfError(TimeSpan.FromSeconds(300)).AnnounceFreshness());

        var miss = await app.GetAsync("/AAPL");
        var hit = await app.GetAsync("/AAPL");

        Assert.That(new[] { miss, hit }.Select(response => response.Field("Cache-Control")),
            Is.All.EqualTo("max-age=60, stale-while-revalidate=30, stale-if-error=300"));
    }

    [Test]
    public async Task OnlyIfCached_Is504WithoutAnEntry()
    {
        await using var app = await StartAsync(context => context.Response.WriteAsJsonAsync(1));

        var miss = await app.GetAsync("/AAPL", ("Cache-Control", "only-if-cached"));
        await app.GetAsync("/AAPL");
        var hit = await app.GetAsync("/AAPL", ("Cache-Control", "only-if-cached"));

        Assert.That(miss.StatusCode, Is.EqualTo(HttpStatusCode.GatewayTimeout));
        Assert.That(hit.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("no-cache")]
    [TestCase("max-age=0")]
    [TestCase("no-store")]
    public async Task RequestThatWantsItFresh_IsAHitAllTheSame(string cacheControl)
    {
        await using var app = await StartAsync(context => context.Response.WriteAsJsonAsync(1));
        await app.GetAsync("/AAPL");

        Assert.That((await app.GetAsync("/AAPL", ("Cache-Control", cacheControl))).Field("Cache-Status"), Does.Contain("; hit"));
    }

    [Test]
    public async Task Tags_AreMadeFromRouteValues()
    {
        await using var app = await StartAsync(
            context => context.Response.WriteAsJsonAsync(1), response => response.Tags("predictions", "symbol:{symbol}"));

        await app.GetAsync("/AAPL");
        Assert.That(app.Cache.Options!.Tags, Is.EqualTo(new[] { "predictions", "symbol:AAPL" }));

        var hostile = await app.GetAsync("/a:b%7B");
        Assert.That(app.Cache.Options!.Tags, Is.EqualTo(new[] { "predictions", "symbol:a:b{" }));
        Assert.That(hostile.Field("Cache-Status"), Does.EndWith("; stored"));
        Assert.That((await app.GetAsync("/" + new string('a', 2000))).Field(
            "Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; detail=tag"));
    }

    [Test]
    public async Task WithoutAKey_TheRouteIsOne()
    {
        await using var app = await HttpApp.StartAsync(app =>
        {
            var group = app.MapGroup("/group").CacheResponse(_ => { });
            group.MapGet("/a/{symbol}", () => Results.Json("a"));
            group.MapGet("/b/{symbol}", () => Results.Json("b"));
        });

        await app.GetAsync("/group/a/AAPL");
        var other = await app.GetAsync("/group/b/AAPL");

        Assert.That(await other.Content.ReadAsStringAsync(), Is.EqualTo("\"b\""));
        Assert.That(
            app.Cache.Entries.Keys, Is.EquivalentTo(new[] { "responses:localhost/group/a/*:AAPL", "responses:localhost/group/b/*:AAPL" }));
    }

    private static byte[] Code(ContentEncoding encoding)
    {
        using var stored = new MemoryStream();
        using (Stream coding = encoding == ContentEncoding.Gzip ? new GZipStream(stored, CompressionLevel.Optimal, leaveOpen: true)
            : new BrotliStream(stored, CompressionLevel.Optimal, leaveOpen: true))
        {
            coding.Write(Text);
        }

        return stored.ToArray();
    }

    private static Task<HttpApp> StartAsync(
        RequestDelegate endpoint, Action<CacheResponseBuilder>? configure =
            null, Action<WebApplication>? outer = null, Action<IServiceCollection>? services = null) =>
        HttpApp.StartAsync(
            app => app.MapGet("/{symbol}", endpoint).CacheResponse(response =>
            {
                response.Key("key:{symbol}");
                configure?.Invoke(response);
            }),
            outer: outer,
            services: services);
}
