using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore;
using RedisResilience.AspNetCore.Caching.Serving;

namespace RedisResilience.Tests.AspNetCore.Caching.Serving;

/// <summary>Conditions and ranges, answered from what is stored.</summary>
public sealed class ConditionTests
{
    private const string Modified = "Thu, 01 Jan 2026 00:00:00 GMT";
    private const string Before = "Wed, 31 Dec 2025 00:00:00 GMT";
    private const string After = "Fri, 02 Jan 2026 00:00:00 GMT";

    [TestCase("If-None-Match", "\"mine\"", 304)]
    [TestCase("If-None-Match", "W/\"mine\"", 304)]
    [TestCase("If-None-Match", "*", 304)]
    [TestCase("If-None-Match", "\"other\"", 200)]
    [TestCase("If-Match", "\"mine\"", 200)]
    [TestCase("If-Match", "*", 200)]
    [TestCase("If-Match", "\"other\"", 412)]
    [TestCase("If-Match", "W/\"mine\"", 412)]
    [TestCase("If-Modified-Since", Modified, 304)]
    [TestCase("If-Modified-Since", After, 304)]
    [TestCase("If-Modified-Since", Before, 200)]
    [TestCase("If-Modified-Since", "yesterday", 200)]
    [TestCase("If-Unmodified-Since", Modified, 200)]
    [TestCase("If-Unmodified-Since", Before, 412)]
    public async Task Condition_IsAnsweredTheSameOnAMissAndOnAHit(string name, string value, int status)
    {
        await using var app = await StartAsync();

        var miss = await app.GetAsync("/", (name, value));
        var hit = await app.GetAsync("/", (name, value));

        Assert.That(((int)miss.StatusCode, (int)hit.StatusCode), Is.EqualTo((status, status)));
        Assert.That(miss.Field("Cache-Status"), Does.EndWith("stored"), "the condition is the client's, the response everybody's");
        Assert.That(hit.Field("Cache-Status"), Does.Contain("; hit"));
        Assert.That(hit.Field("ETag"), Is.EqualTo("\"mine\""));
        Assert.That(await hit.Content.ReadAsStringAsync(), Is.EqualTo(status == 200 ? "0123456789" : ""));
    }

    [Test]
    public async Task EntityTag_GoesBeforeTheDate()
    {
        await using var app = await StartAsync();
        await app.GetAsync("/");

        Assert.That((await app.GetAsync("/", ("If-None-Match", "\"other\""), ("If-Modified-Since", After))).StatusCode, Is.EqualTo(
            HttpStatusCode.OK));
        Assert.That((await app.GetAsync("/", ("If-None-Match", "\"mine\""), ("If-Modified-Since", Before))).StatusCode, Is.EqualTo(
            HttpStatusCode.NotModified));
    }

    [TestCase("bytes=0-1", 206, "01", "bytes 0-1/10")]
    [TestCase("bytes=8-", 206, "89", "bytes 8-9/10")]
    [TestCase("bytes=-3", 206, "789", "bytes 7-9/10")]
    [TestCase("bytes=5-100", 206, "56789", "bytes 5-9/10")]
    [TestCase("bytes=10-", 416, "", "bytes */10")]
    [TestCase("bytes=0-1,3-4", 200, "0123456789", null)]
    [TestCase("lines=0-1", 200, "0123456789", null)]
    public async Task Range_IsCutFromTheWhole(string range, int status, string body, string? contentRange)
    {
        await using var app = await StartAsync();
        await app.GetAsync("/");

        var response = await app.GetAsync("/", ("Range", range));

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(body));
        Assert.That(response.Field("Content-Range"), Is.EqualTo(contentRange));
    }

    [TestCase("\"mine\"", 206)]
    [TestCase("\"other\"", 200)]
    [TestCase("W/\"mine\"", 200)]
    [TestCase(Modified, 206)]
    [TestCase(After, 200)]
    public async Task IfRange_MustBeAboutThisVeryResponse(string condition, int status)
    {
        await using var app = await StartAsync();
        await app.GetAsync("/");

        Assert.That((int)(await app.GetAsync("/", ("Range", "bytes=0-1"), ("If-Range", condition))).StatusCode, Is.EqualTo(status));
    }

    [TestCase(304)]
    [TestCase(412)]
    public async Task StatusOfTheEndpointItself_IsPassedOn(int status)
    {
        await using var app = await HttpApp.StartAsync(app => app.MapGet("/", () => Results.StatusCode(status)).CacheResponse("key"));

        Assert.That((int)(await app.GetAsync("/", ("If-Match", "\"a\""))).StatusCode, Is.EqualTo(status));
        Assert.That(app.Cache.Entries, Is.Empty);
    }

    [Test]
    public async Task StaleResponse_IsConfirmedByItsEndpoint()
    {
        var seen = new List<(string Tag, string Date)>();
        await using var app = await HttpApp.StartAsync(app => app.MapGet("/", (HttpContext context) =>
        {
            seen.Add((context.Request.Headers.IfNoneMatch.ToString(), context.Request.Headers.IfModifiedSince.ToString()));
            context.Response.Headers.ETag = "\"mine\"";
            context.Response.Headers["X-Run"] = $"{seen.Count}";
            if (seen.Count > 1)
            {
                return Results.StatusCode(304);
            }

            context.Response.Headers.LastModified = Modified;
            return Results.Text("body");
        }).CacheResponse("key"));
        await app.GetAsync("/", ("If-None-Match", "\"clients\""));
        app.Cache.Entries["key"] = app.Cache.Entries["key"] with { IsStale = true };

        var confirmed = await app.GetAsync("/", ("If-None-Match", "\"clients\""));
        var hit = await app.GetAsync("/");

        Assert.That(seen, Is.EqualTo(new[] { ("", ""), ("\"mine\"", Modified) }));
        Assert.That(confirmed.StatusCode, Is.EqualTo(HttpStatusCode.OK), "the client holds another one");
        Assert.That(confirmed.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=stale; stored"));
        Assert.That(await hit.Content.ReadAsStringAsync(), Is.EqualTo("body"));
        Assert.That((hit.Field("X-Run"), hit.Field("Last-Modified"), hit.Field("Content-Type")), Is.EqualTo(
            ("2", Modified, "text/plain; charset=utf-8")));
        Assert.That((await app.GetAsync("/", ("If-None-Match", "\"mine\""))).StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
    }

    [TestCase("Friday, 02-Jan-26 00:00:00 GMT", true)]
    [TestCase("Wednesday, 31-Dec-25 00:00:00 GMT", false)]
    [TestCase("Thu Jan  1 00:00:00 2026", true)]
    public void YearOfTwoDigits_IsNearTheCurrentOne(string since, bool expected)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.IfModifiedSince = since;
        context.Response.Headers.LastModified = Modified;

        Assert.That(Conditions.Apply(context, "\"1\"", new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero)), Is.EqualTo(expected));
    }

    [TestCase(Modified, 304)]
    [TestCase(After, 304)]
    [TestCase(Before, 200)]
    public async Task DateOfTheResponse_StandsForTheOneOfItsLastChange(string since, int status)
    {
        await using var app = await HttpApp.StartAsync(app => app.MapGet("/", (HttpContext context) =>
        {
            context.Response.Headers.Date = Modified;
            return Results.Text("0123456789");
        }).CacheResponse("key"));
        await app.GetAsync("/");

        Assert.That((int)(await app.GetAsync("/", ("If-Modified-Since", since))).StatusCode, Is.EqualTo(status));
        Assert.That((int)(await app.GetAsync("/", ("If-Unmodified-Since", since))).StatusCode, Is.EqualTo(200));
    }

    private static Task<HttpApp> StartAsync() => HttpApp.StartAsync(app => app.MapGet("/", (HttpContext context) =>
    {
        context.Response.Headers.ETag = "\"mine\"";
        context.Response.Headers.LastModified = Modified;
        return Results.Text("0123456789");
    }).CacheResponse("key"));
}
