using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using RedisResilience.Caching;

namespace RedisResilience.Tests.AspNetCore.Caching;

public sealed class StaleResponseTests
{
    private static readonly FakeEntry Old = new(Encoding.UTF8.GetBytes("\"old\"")) { IsStale = true, Age = TimeSpan.FromSeconds(70) };

    [Test]
    public async Task StaleEntry_IsRefreshedByTheRequestThatFindsIt()
    {
        await using var app = await StartAsync(context => context.Response.WriteAsJsonAsync("new"));
        app.Cache.Put("key:AAPL", Old);

        var response = await app.GetAsync("/AAPL");

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("\"new\""));
        Assert.That(response.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=stale; stored"));
        Assert.That(app.Cache.Text("key:AAPL"), Is.EqualTo("\"new\""));
        Assert.That(app.Cache.Options!.RefreshInForeground, Is.True);
        Assert.That(app.Cache.Options.StaleWhileRevalidate, Is.EqualTo(TimeSpan.FromSeconds(30)));
        Assert.That(app.Cache.Options.StaleIfError, Is.EqualTo(TimeSpan.FromSeconds(300)));
    }

    [Test]
    public async Task Head_RefreshesAStaleEntryAsAGetDoes()
    {
        string? method = null;
        await using var app = await StartAsync(context =>
        {
            method = context.Request.Method;
            return context.Response.WriteAsJsonAsync("new");
        });
        app.Cache.Put("key:AAPL", Old);

        var response = await app.SendAsync(HttpMethod.Head, "/AAPL");

        Assert.That(method, Is.EqualTo("GET"));
        Assert.That(response.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=stale; stored"));
        Assert.That(response.Field("Content-Length"), Is.EqualTo("5"));
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.Empty);
        Assert.That(app.Cache.Text("key:AAPL"), Is.EqualTo("\"new\""));
    }

    [Test]
    public async Task Head_IsServedTheStaleEntryInPlaceOfAnError()
    {
        await using var app = await StartAsync(_ => throw new InvalidOperationException());
        app.Cache.Put("key:AAPL", Old);

        var response = await app.SendAsync(HttpMethod.Head, "/AAPL");

        Assert.That(response.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=stale; detail=stale-if-error"));
        Assert.That(response.Field("Content-Length"), Is.EqualTo("5"));
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.Empty);
    }

    [TestCase(500)]
    [TestCase(502)]
    [TestCase(503)]
    [TestCase(504)]
    public async Task ErrorOfTheEndpoint_IsReplacedByTheStaleEntry(int status)
    {
        await using var app = await StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers["X-Error"] = "1";
            return context.Response.WriteAsync("no");
        });
        app.Cache.Put("key:AAPL", Old);

        await AssertStaleAsync(await app.GetAsync("/AAPL"));
    }

    [Test]
    public async Task ExceptionOfTheEndpoint_IsReplacedByTheStaleEntry()
    {
        await using var app = await StartAsync(async context =>
        {
            await context.Response.WriteAsync("half of");
            throw new InvalidOperationException();
        });
        app.Cache.Put("key:AAPL", Old);

        await AssertStaleAsync(await app.GetAsync("/AAPL"));
    }

    [Test]
    public async Task WhatIsServedInPlaceOfAnError_IsDisposedOnce([Values] bool isCoded)
    {
        await using var app = await StartAsync(_ => throw new InvalidOperationException());
        app.Cache.Put("key:AAPL", isCoded ? Old with { Body = Gzip(Old.Body), Encoding = ContentEncoding.Gzip } : Old);

        await AssertStaleAsync(await app.GetAsync("/AAPL"));

        Assert.That(app.Cache.Lent, Is.GreaterThan(0));
        Assert.That(() => app.Cache.Disposed, Is.EqualTo(app.Cache.Lent).After(5000, 5));
    }

    [TestCase(500)]
    [TestCase(503)]
    public async Task ErrorWithoutAnEntry_IsTheEndpointsOwn(int status)
    {
        await using var app = await StartAsync(
            context => { context.Response.StatusCode = status; return context.Response.WriteAsync("no"); });

        var response = await app.GetAsync("/AAPL");

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("no"));
        Assert.That(response.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; detail=status"));
        Assert.That(app.Cache.Entries, Is.Empty);
    }

    [TestCase(404)]
    [TestCase(400)]
    public async Task AnswerThatIsNoFailure_IsNotReplaced(int status)
    {
        await using var app = await StartAsync(
            context => { context.Response.StatusCode = status; return context.Response.WriteAsync("no"); });
        app.Cache.Put("key:AAPL", Old);

        var response = await app.GetAsync("/AAPL");

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(response.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=stale; detail=status"));
    }

    [TestCase("max-age=5, stale-while-revalidate=7, stale-if-error=9", 5, 7, 9)]
    [TestCase("s-maxage=5", 5, 0, 0)]
    [TestCase("max-age=5, must-revalidate", 5, 0, 0)]
    [TestCase("max-age=5, must-revalidate, stale-while-revalidate=7, stale-if-error=9", 5, 0, 0)]
    [TestCase("s-maxage=5, stale-while-revalidate=7", 5, 7, 0)]
    [TestCase("max-age=5", 5, null, null)]
    [TestCase("public", 60, null, null)]
    public async Task CacheControlOfTheEndpoint_SaysHowLong(string cacheControl, int fresh, int? whileRevalidate, int? ifError)
    {
        await using var app = await StartAsync(
            context => { context.Response.Headers.CacheControl = cacheControl; return context.Response.WriteAsJsonAsync(1); });

        await app.GetAsync("/AAPL");
        var hit = await app.GetAsync("/AAPL");

        var source = app.Cache.Entries["key:AAPL"].Source;
        Assert.That(source.TimeToLive, Is.EqualTo(TimeSpan.FromSeconds(fresh)));
        Assert.That(source.StaleWhileRevalidate?.TotalSeconds, Is.EqualTo(whileRevalidate));
        Assert.That(source.StaleIfError?.TotalSeconds, Is.EqualTo(ifError));
        Assert.That(hit.Field("Cache-Control"), Is.EqualTo(cacheControl));
    }

    [TestCase("Cache-Control", "max-age=5", "must-revalidate")]
    [TestCase("Cache-Control", "max-age=5, must-revalidate, stale-if-error=9")]
    [TestCase("CDN-Cache-Control", "max-age=5, must-revalidate")]
    [TestCase("RedisResilience-Cache-Control", "s-maxage=5")]
    public async Task WhatMustBeRevalidated_IsNotServedStale_ThoughItIsKeptToBeConfirmed(string field, params string[] lines)
    {
        var isGood = true;
        await using var app = await StartAsync(context =>
        {
            context.Response.Headers[field] = lines;
            context.Response.Headers.ETag = "\"1\"";
            return isGood ? context.Response.WriteAsJsonAsync(1) : throw new InvalidOperationException("the endpoint's own");
        });
        await app.GetAsync("/AAPL");
        app.Cache.Entries["key:AAPL"] = app.Cache.Entries["key:AAPL"] with { IsStale = true };
        isGood = false;

        Assert.That(async () => await app.GetAsync("/AAPL"), Throws.InvalidOperationException);
        Assert.That((app.Cache.Options!.StaleWhileRevalidate, app.Cache.Options.StaleIfError), Is.EqualTo((TimeSpan.Zero, TimeSpan.Zero)));
    }

    private static async Task AssertStaleAsync(HttpResponseMessage response)
    {
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("\"old\""));
        Assert.That(response.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=stale; detail=stale-if-error"));
        Assert.That(response.Field("Age"), Is.EqualTo("70"));
        Assert.That(response.Field("X-Error"), Is.Null);
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var coded = new MemoryStream();
        using (var gzip = new GZipStream(coded, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return coded.ToArray();
    }

    private static Task<HttpApp> StartAsync(RequestDelegate endpoint) => HttpApp.StartAsync(app => app
        .MapMethods("/{symbol}", ["GET", "HEAD"], endpoint)
        .CacheResponse(response =>
            response.Key("key:{symbol}").StaleWhileRevalidate(TimeSpan.FromSeconds(30)).StaleIfError(TimeSpan.FromSeconds(300))));
}
