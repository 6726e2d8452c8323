using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using RedisResilience.Caching;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.AspNetCore.Caching.Serving;

public sealed class CacheHitTests
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST"];

    private int _reached;

    [SetUp]
    public void Reset() => _reached = 0;

    [Test]
    public async Task Hit_IsTheStoredBytesWithTheirFields()
    {
        await using var app = await StartAsync();

        var response = await app.GetAsync("/AAPL");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("{\"a\":1}"));
        Assert.That(response.Field("Content-Type"), Is.EqualTo("application/json; charset=utf-8"));
        Assert.That(response.Field("Content-Length"), Is.EqualTo("7"));
        Assert.That(response.Field("ETag"), Does.Match("^\"[0-9a-f]{16}\"$"));
        Assert.That(response.Field("Age"), Is.EqualTo("18"));
        Assert.That(response.Field("Cache-Status"), Is.EqualTo("RedisResilience; hit; ttl=42"));
        Assert.That(response.Field("RateLimit"), Is.Not.Null);
        Assert.That(_reached, Is.Zero);
        Assert.That(app.Cache.Disposed, Is.EqualTo(1));
    }

    [Test]
    public async Task RemainingTimeUnknown_NoAge()
    {
        await using var app = await StartAsync();
        app.Cache.Remaining = null;

        var response = await app.GetAsync("/AAPL");

        Assert.That(response.Field("Age"), Is.Null);
        Assert.That(response.Field("Cache-Status"), Is.EqualTo("RedisResilience; hit"));
    }

    [Test]
    public async Task EntryWithMoreTimeThanOurs_HasAgeZero()
    {
        await using var app = await StartAsync();
        app.Cache.Remaining = TimeSpan.FromHours(1);

        Assert.That((await app.GetAsync("/AAPL")).Field("Age"), Is.EqualTo("0"));
    }

    [Test]
    public async Task KnownTag_Is304WithoutBody()
    {
        await using var app = await StartAsync();
        var tag = (await app.GetAsync("/AAPL")).Field("ETag")!;

        var response = await app.GetAsync("/AAPL", ("If-None-Match", $"\"other\", W/{tag}"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.Empty);
        Assert.That(response.Field("ETag"), Is.EqualTo(tag));
        Assert.That(response.Field("Age"), Is.EqualTo("18"));
        Assert.That(response.Field("Cache-Status"), Does.Contain("hit"));
        Assert.That(response.Field("RateLimit"), Is.Not.Null);
    }

    [TestCase("\"1\"")]
    [TestCase("W/\"1\"")]
    public async Task HeldByTheClient_Is304FromTheHeaderAlone(string held)
    {
        await using var app = await StartAsync();
        app.Cache.Held = new CachedResponse
        {
            Outcome = CacheOutcome.Hit,
            ETag = "\"1\"",
            Age = TimeSpan.FromSeconds(7),
            TimeToLive = TimeSpan.FromSeconds(53)
        };

        var response = await app.GetAsync("/AAPL", ("If-None-Match", held));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That((response.Field("ETag"), response.Field("Age"), response.Field("Cache-Status")), Is.EqualTo(
            ("\"1\"", "7", "RedisResilience; hit; ttl=53")));
        Assert.That(app.Cache.Read, Is.Empty);
        Assert.That(_reached, Is.Zero);
    }

    [TestCase("\"1\"", ContentEncoding.Brotli, "br", "", Description = "held as it is before its coding")]
    [TestCase("\"1-br\"", ContentEncoding.Brotli, "", "", Description = "held in a coding that is not taken now")]
    [TestCase("\"1-x\"", ContentEncoding.Identity, "", "", Description = "another tag that begins alike")]
    [TestCase("\"1\"", ContentEncoding.Identity, "", "404\n", Description = "not a 200")]
    public async Task HeldOtherwise_IsReadAsAWhole(string held, ContentEncoding encoding, string accepted, string annotation)
    {
        await using var app = await StartAsync();
        app.Cache.Held =
            new CachedResponse
            {
                Outcome = CacheOutcome.Hit,
                ETag = "\"1\"",
                ContentEncoding = encoding,
                Annotation = Encoding.ASCII.GetBytes(annotation),
            };

        var response = await app.GetAsync("/AAPL", ("If-None-Match", held), ("Accept-Encoding", accepted));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("{\"a\":1}"));
        Assert.That(app.Cache.Read, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task HeldInItsCoding_Is304()
    {
        await using var app = await StartAsync();
        app.Cache.Held = new CachedResponse { Outcome = CacheOutcome.Hit, ETag = "\"1\"", ContentEncoding = ContentEncoding.Brotli };

        var response = await app.GetAsync("/AAPL", ("If-None-Match", "\"1-br\""), ("Accept-Encoding", "br"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That((response.Field("ETag"), response.Field("Vary"), response.Field("Content-Encoding")), Is.EqualTo(
            ("\"1-br\"", "Accept-Encoding", (string?)null)));
    }

    [Test]
    public async Task Head_HasTheFieldsAndNoBody()
    {
        await using var app = await StartAsync();

        var response = await app.SendAsync(HttpMethod.Head, "/AAPL");

        Assert.That(response.Field("Content-Length"), Is.EqualTo("7"));
        Assert.That(response.Field("ETag"), Is.Not.Null);
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.Empty);
    }

    [Test]
    public async Task OtherMethod_NeverAsksTheCache()
    {
        await using var app = await StartAsync();

        var response = await app.SendAsync(HttpMethod.Post, "/AAPL");

        Assert.That(app.Cache.Read, Is.Empty);
        Assert.That(response.Field("Cache-Status"), Is.Null);
        Assert.That(_reached, Is.EqualTo(1));
    }

    [Test]
    public async Task Read_LeavesWhileTheDecisionIsPending()
    {
        await using var app = await StartAsync();
        var decision = new TaskCompletionSource<RateLimitDecision>();
        app.Limiter.Decide = _ => decision.Task;

        var response = app.GetAsync("/AAPL");
        Assert.That(() => app.Cache.Read, Has.Count.EqualTo(1).After(5000, 5));
        Assert.That(response.IsCompleted, Is.False);
        decision.SetResult(FakeLimiter.Allowed(app.Limiter.Asked[0].Limit));

        Assert.That((await response).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Denied_DropsTheReadWithoutWaitingForIt()
    {
        await using var app = await StartAsync();
        var decision = new TaskCompletionSource<RateLimitDecision>();
        app.Limiter.Decide = _ => decision.Task;
        app.Cache.ReadGate = new TaskCompletionSource();

        var pending = app.GetAsync("/AAPL");
        Assert.That(() => app.Cache.Read, Has.Count.EqualTo(1).After(5000, 5));
        decision.SetResult(FakeLimiter.Denied(app.Limiter.Asked[0].Limit, 5));
        var response = await pending;
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(app.Cache.Disposed, Is.Zero);
        app.Cache.ReadGate.SetResult();

        Assert.That(() => app.Cache.Disposed, Is.EqualTo(1).After(5000, 5));
        Assert.That(_reached, Is.Zero);
    }

    private async Task<HttpApp> StartAsync()
    {
        var app = await HttpApp.StartAsync(app => app
            .MapMethods("/{symbol}", Methods, () => { _reached++; return Results.Json(2); })
            .RequireRateLimit()
            .CacheResponse("predictions:v1:{symbol}"));
        app.Cache.Put("predictions:v1:AAPL", "{\"a\":1}");
        return app;
    }
}
