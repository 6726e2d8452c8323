using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using RedisResilience.Diagnostics;

namespace RedisResilience.Tests.AspNetCore.Caching.Storing;

public sealed class CacheMissTests
{
    private const string Key = "predictions:v1:AAPL";
    private const string Body = "{\"a\":1}";

    private static readonly byte[] Bytes = Encoding.UTF8.GetBytes(Body);

    [Test]
    public async Task Miss_IsStoredAndTheNextRequestHits()
    {
        await using var app = await StartAsync(JsonAsync);

        var first = await app.GetAsync("/AAPL");
        var second = await app.GetAsync("/AAPL");

        Assert.That(await first.Content.ReadAsStringAsync(), Is.EqualTo(Body));
        Assert.That(app.Cache.Text(Key), Is.EqualTo(Body));
        Assert.That(app.Cache.StoredFor, Is.EqualTo(TimeSpan.FromSeconds(60)));
        Assert.That(first.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; stored"));
        Assert.That(first.Field("Content-Length"), Is.EqualTo("7"));
        Assert.That(second.Field("Cache-Status"), Does.Contain("; hit"));
        Assert.That(second.Field("ETag"), Is.EqualTo(first.Field("ETag")).And.Not.Null);
    }

    [Test]
    public async Task UnansweredRead_IsNotWaitedForASecondTime()
    {
        await using var app = await StartAsync(JsonAsync);
        app.Cache.IsSilent = true;

        var response = await app.GetAsync("/AAPL");

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(Body));
        Assert.That(app.Cache.Options!.SkipRedis, Is.True);
    }

    [Test]
    public async Task MissWithKnownTag_Is304AndStored()
    {
        await using var app = await StartAsync(JsonAsync);

        var response = await app.GetAsync("/AAPL", ("If-None-Match", "*"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.Empty);
        Assert.That(response.Field("Content-Length"), Is.Null.Or.EqualTo("0"));
        Assert.That(app.Cache.Text(Key), Is.EqualTo(Body));
    }

    private static IEnumerable<TestCaseData> Refused()
    {
        yield return Case("set-cookie", context => context.Response.Headers.SetCookie = "a=b");
        yield return Case("set-cookie", context =>
            context.Response.OnStarting(() => { context.Response.Headers.SetCookie = "late=1"; return Task.CompletedTask; }));
        yield return Case("vary", context => context.Response.Headers.Vary = "Cookie");
        yield return Case("content-encoding", context => context.Response.Headers.ContentEncoding = new(["deflate", "br"]));
        yield return Case("vary", context => context.Response.Headers.Vary = "*");
        yield return Case("etag", context => context.Response.Headers.ETag = "mine");
        yield return Case("partial", context => context.Response.Headers.Trailer = "X");
        yield return Case("header", context => context.Response.Headers.ContentLanguage = "de\u00e4");
        yield return Case("header", context => context.Response.Headers.Link = new string('a', 5000));
        yield return Case("cache-control", context => context.Response.Headers.CacheControl = "max-age=0");
        yield return Case("cache-control", context => context.Response.Headers.CacheControl = "s-maxage=0, max-age=10");
        yield return Case("cache-control", context => context.Response.Headers.Expires = "0");
        yield return Case("cache-control", context => context.Response.Headers.Expires = "Thu, 01 Jan 1970 00:00:00 GMT");
        yield return Case("cache-control", context => context.Response.Headers.CacheControl = "max-age=1, no-store");
        yield return Case("cache-control", context => context.Response.Headers.CacheControl = "private");
        yield return Case("cache-control", context => context.Response.Headers.CacheControl = "max-age=x");
        yield return Case("media-type", context => context.Response.ContentType = null);
        yield return Case("media-type", context => context.Response.ContentType = "html");
        yield return Case("status", context => context.Response.StatusCode = 404);
        yield return Case("status", context => context.Response.StatusCode = 206);
        yield return Case("status", context => context.Response.StatusCode = 500);
        yield return Case("aborted", context => context.RequestAborted = new CancellationToken(true));
        yield return Case("streamed", context => context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering());

        static TestCaseData Case(string detail, Action<HttpContext> change) => new(detail, change);
    }

    [TestCaseSource(nameof(Refused))]
    public async Task ResponseThatIsNotForEverybody_PassesAndIsNotStored(string detail, Action<HttpContext> change)
    {
        await using var app = await StartAsync(context =>
        {
            context.Response.ContentType = "application/json";
            change(context);
            return context.Response.Body.WriteAsync(Bytes).AsTask();
        });

        var response = await app.GetAsync("/AAPL");

        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.EqualTo(Bytes));
        Assert.That(response.Field("Cache-Status"), Is.EqualTo($"RedisResilience; fwd=uri-miss; detail={detail}"));
        Assert.That(response.Field("ETag"), Is.EqualTo(detail == "etag" ? "mine" : null));
        Assert.That(app.Cache.Entries, Is.Empty);
    }

    private static IEnumerable<TestCaseData> WaysToWrite()
    {
        yield return Way("WriteAsJsonAsync", context => context.Response.WriteAsJsonAsync(new Dictionary<string, int> { ["a"] = 1 }));
        yield return Way("Body", context => context.Response.Body.WriteAsync(Bytes).AsTask());
        yield return Way("BodyWriter", async context => await context.Response.BodyWriter.WriteAsync(Bytes));
        yield return Way(
            "Start first", async context => { await context.Response.StartAsync(); await context.Response.Body.WriteAsync(Bytes); });
        yield return Way(
            "Complete", async context => { await context.Response.Body.WriteAsync(Bytes); await context.Response.CompleteAsync(); });
        yield return Way("Flushed pieces", async context =>
        {
            foreach (var piece in Bytes)
            {
                await context.Response.Body.WriteAsync(new[] { piece });
                await context.Response.Body.FlushAsync();
            }
        });
        yield return Way("SendFile", async context =>
        {
            var path = Path.GetTempFileName();
            await File.WriteAllBytesAsync(path, [0, .. Bytes]);
            await context.Response.SendFileAsync(path, 1, Bytes.Length);
            File.Delete(path);
        });
        yield return Way("Completed writer", async context =>
            { await context.Response.BodyWriter.WriteAsync(Bytes); await context.Response.BodyWriter.CompleteAsync(); });

        static TestCaseData Way(string name, RequestDelegate write) => new TestCaseData(write).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(WaysToWrite))]
    public async Task EveryWayToWrite_IsCaptured(RequestDelegate write)
    {
        await using var app = await StartAsync(context => { context.Response.ContentType = "application/json"; return write(context); });

        var response = await app.GetAsync("/AAPL");

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(Body));
        Assert.That(app.Cache.Text(Key), Is.EqualTo(Body));
    }

    [TestCase(1000, true)]
    [TestCase(1001, false)]
    [TestCase(3_000_000, false)]
    public async Task BodyAroundTheMaximum_IsServedWholeAndStoredUpToIt(int length, bool stored)
    {
        var text = new string('1', length);
        await using var app = await StartAsync(context =>
            { context.Response.ContentType = "application/json"; return context.Response.WriteAsync(text); }, maximumEntrySize: 1000);

        var response = await app.GetAsync("/AAPL");

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(text));
        Assert.That(app.Cache.Entries, Has.Count.EqualTo(stored ? 1 : 0));
        Assert.That(response.Field("Cache-Status"), Does.EndWith(stored ? "; stored" : "detail=too-large"));
    }

    [Test]
    public async Task EndpointThatThrows_LeavesItsPageToTheHandler()
    {
        await using var app = await StartAsync(
            async context => { await context.Response.Body.WriteAsync(Bytes); throw new InvalidOperationException(); },
            outer: outer => outer.UseExceptionHandler(handler => handler.Run(context => context.Response.WriteAsync("sorry"))));

        var response = await app.GetAsync("/AAPL");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("sorry"));
        Assert.That(app.Cache.Entries, Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task AnswerOfAnotherThanTheEndpoint_IsNeverStored(bool throws)
    {
        await using var app = await StartAsync(
            context =>
            {
                context.Response.StatusCode = 404;
                return throws ? throw new InvalidOperationException() : Task.CompletedTask;
            },
            outer: outer => outer.Use(async (context, next) =>
            {
                try
                {
                    await next(context);
                }
                catch (InvalidOperationException)
                {
                }

                context.Response.StatusCode = 200;
                await JsonAsync(context);
            }));

        var response = await app.GetAsync("/AAPL");

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(Body));
        Assert.That(response.Field("ETag"), Is.Null);
        Assert.That(app.Cache.Entries, Is.Empty);
    }

    [TestCase(204)]
    [TestCase(304)]
    [TestCase(404)]
    public async Task EmptyStatus_PassesUnstarted(int status)
    {
        var started = true;
        await using var app = await StartAsync(
            context => { context.Response.StatusCode = status; return Task.CompletedTask; },
            outer: outer => outer.Use(async (context, next) => { await next(context); started = context.Response.HasStarted; }));

        var response = await app.GetAsync("/AAPL");

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(started, Is.False, "status code pages write only to a response that has not started");
        Assert.That(app.Cache.Entries, Is.Empty);
    }

    [TestCase(RedisAvailability.Unavailable, "RedisResilience; fwd=bypass; detail=unavailable")]
    [TestCase(RedisAvailability.Connecting, "RedisResilience; fwd=bypass; detail=unavailable")]
    [TestCase(RedisAvailability.NotConfigured, "RedisResilience; fwd=uri-miss; stored")]
    public async Task NoRedis_StillGivesTags(RedisAvailability availability, string? cacheStatus)
    {
        await using var app = await StartAsync(JsonAsync, availability: availability);
        app.Cache.Storing = Task.FromResult(false);

        var response = await app.GetAsync("/AAPL");

        Assert.That(response.Field("Cache-Status"), Is.EqualTo(cacheStatus));
        Assert.That(response.Field("ETag"), Is.Not.Null);
    }

    [Test]
    public async Task SlowStore_DelaysNobodyAndKeepsItsBytes()
    {
        var count = 0;
        await using var app = await StartAsync(
            context => { context.Response.ContentType = "application/json"; return context.Response.WriteAsync($"\"{count++:0000}\""); });
        var storing = new TaskCompletionSource<bool>();
        app.Cache.Storing = storing.Task;

        await (await app.GetAsync("/first")).Content.ReadAsStringAsync();
        var held = app.Cache.LastStored;
        for (var i = 0; i < 20; i++)
        {
            await (await app.GetAsync($"/other{i}")).Content.ReadAsStringAsync();
        }

        Assert.That(Encoding.UTF8.GetString(held.Span), Is.EqualTo("\"0000\""));
        storing.SetResult(true);
    }

    [TestCase("Authorization", "Bearer x", "RedisResilience; fwd=uri-miss; detail=authorization")]
    [TestCase("Range", "bytes=0-1", "RedisResilience; fwd=uri-miss; detail=range")]
    [TestCase("Cache-Control", "max-age=0, No-Store", "RedisResilience; fwd=uri-miss; detail=no-store")]
    public async Task RequestThatIsNotForEverybody_IsNotStored(string name, string value, string cacheStatus)
    {
        await using var app = await StartAsync(JsonAsync);

        var response = await app.GetAsync("/AAPL", (name, value));

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(Body));
        Assert.That(response.Field("Cache-Status"), Is.EqualTo(cacheStatus));
        Assert.That(app.Cache.Entries, Is.Empty);
    }

    [Test]
    public async Task AuthorizedRequest_IsNotGivenWhatIsStored()
    {
        await using var app = await StartAsync(JsonAsync);
        app.Cache.Put(Key, "0");

        var response = await app.GetAsync("/AAPL", ("Authorization", "Bearer x"));

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(Body));
        Assert.That(app.Cache.Text(Key), Is.EqualTo("0"));
    }

    [TestCase("/a%0d%0aSet-Cookie:x")]
    [TestCase("/%C2%85")]
    public async Task HostileRouteValue_IsServedAndNeverBecomesAKey(string path)
    {
        await using var app = await StartAsync(JsonAsync);

        var response = await app.GetAsync(path);

        Assert.That(response.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=bypass; detail=key"));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(Body));
        Assert.That(app.Cache.Read, Is.Empty);
        Assert.That(app.Cache.Entries, Is.Empty);
    }

    private static Task JsonAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(Body);
    }

    private static Task<HttpApp> StartAsync(
        RequestDelegate endpoint,
        RedisAvailability availability = RedisAvailability.Available,
        int maximumEntrySize = 1024 * 1024,
        Action<WebApplication>? outer = null) =>
        HttpApp.StartAsync(
            app => app.MapGet("/{symbol}", endpoint).CacheResponse("predictions:v1:{symbol}"),
            availability: availability, maximumEntrySize: maximumEntrySize, outer: outer);
}
