using System.Net;

namespace RedisResilience.Http.Tests.Caching;

internal sealed class ReuseTests
{
    private readonly CachedClient _cached = new();

    [TearDown]
    public void Dispose() => _cached.Dispose();

    [Test]
    public async Task FreshResponse_IsServedWithItsAge()
    {
        _cached.Origin.Answers("one", "Cache-Control: max-age=60", "Age: 10", "X-Own: a", "X-Own: b", "Content-Type: text/plain");
        var first = await _cached.GetAsync();
        _cached.Pass(5);
        using var response = await _cached.SendAsync(HttpMethod.Get);
        var second = await Got.OfAsync(response);

        Assert.That((first.Body, first.IsHit, first.CacheStatus), Is.EqualTo(
            ("one", false, "RedisResilience; fwd=uri-miss; fwd-status=200; stored")));
        Assert.That((second.Body, second.Age, second.CacheStatus), Is.EqualTo(("one", "15", "RedisResilience; hit; ttl=45")));
        Assert.That(response.Headers.GetValues("X-Own"), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/plain"));
        Assert.That(_cached.Origin.Asked, Is.EqualTo(1));
    }

    [Test]
    public async Task StaleResponse_IsNotServed()
    {
        await _cached.GetAsync();
        _cached.Pass(61);

        Assert.That(((await _cached.GetAsync()).IsHit, _cached.Origin.Asked), Is.EqualTo((false, 2)));
    }

    [TestCase("no-store")]
    [TestCase("private, max-age=60")]
    [TestCase("max-age=0")]
    [TestCase("")]
    public async Task ResponseThatMayNotBeShared_IsNotServed(string control)
    {
        _cached.Origin.Answers("one", $"Cache-Control: {control}");
        await _cached.GetAsync();

        Assert.That(((await _cached.GetAsync()).IsHit, _cached.Origin.Asked), Is.EqualTo((false, 2)));
    }

    [TestCase("Cache-Control: no-cache", 2)]
    [TestCase("Cache-Control: max-age=0", 2)]
    [TestCase("Cache-Control: max-age=5", 2)]
    [TestCase("Cache-Control: max-age=20", 1)]
    [TestCase("Cache-Control: min-fresh=51", 2)]
    [TestCase("Cache-Control: min-fresh=40", 1)]
    [TestCase("Cache-Control: no-store", 2)]
    [TestCase("Pragma: no-cache", 2)]
    public async Task RequestDirectives_AreKeptTo(string field, int expected)
    {
        await _cached.GetAsync();
        _cached.Pass(10);
        await _cached.GetAsync("", field);

        Assert.That(_cached.Origin.Asked, Is.EqualTo(expected));
    }

    [Test]
    public async Task StaleResponse_IsServed_ToWhoTakesIt()
    {
        await _cached.GetAsync();
        _cached.Pass(70);

        Assert.That((await _cached.GetAsync("", "Cache-Control: max-stale=20")).IsHit, Is.True);
        Assert.That((await _cached.GetAsync("", "Cache-Control: max-stale=5")).IsHit, Is.False);
    }

    [Test]
    public async Task OnlyIfCached_AsksNobody()
    {
        Assert.That((await _cached.GetAsync("", "Cache-Control: only-if-cached")).Status, Is.EqualTo(504));
        Assert.That(_cached.Origin.Asked, Is.Zero);
        await _cached.GetAsync();
        Assert.That((await _cached.GetAsync("", "Cache-Control: only-if-cached")).IsHit, Is.True);
    }

    [Test]
    public async Task ImmutableResponse_IsNotReloaded()
    {
        _cached.Origin.Answers("one", "Cache-Control: max-age=60, immutable");
        await _cached.GetAsync();

        Assert.That((await _cached.GetAsync("", "Cache-Control: max-age=0")).IsHit, Is.True);
        Assert.That((await _cached.GetAsync("", "Cache-Control: no-cache")).IsHit, Is.False);
    }

    [Test]
    public async Task Head_IsAnsweredByTheResponseToGet()
    {
        await _cached.GetAsync();
        using var response = await _cached.SendAsync(HttpMethod.Head);

        Assert.That((response.Content.Headers.ContentLength, await response.Content.ReadAsStringAsync(), _cached.Origin.Asked), Is.EqualTo(
            ((long?)4, "", 1)));
    }

    [Test]
    public async Task Head_OfAnotherRepresentation_RemovesTheStoredOne()
    {
        _cached.Origin.Answers("one", "Cache-Control: max-age=60", "ETag: \"1\"");
        await _cached.GetAsync();
        _cached.Origin.Answers("", "ETag: \"2\"");
        (await _cached.SendAsync(HttpMethod.Head, "", "Cache-Control: no-cache")).Dispose();

        Assert.That((await _cached.GetAsync()).IsHit, Is.False);
    }

    [TestCase("bytes=1-2", 206, "od", "bytes 1-2/4")]
    [TestCase("bytes=-1", 206, "y", "bytes 3-3/4")]
    [TestCase("bytes=9-", 416, "", "bytes */4")]
    [TestCase("bytes=0-0,2-2", 200, "body", null)]
    public async Task Range_IsServedFromTheWhole(string range, int status, string body, string? contentRange)
    {
        await _cached.GetAsync();
        using var response = await _cached.SendAsync(HttpMethod.Get, "", $"Range: {range}");

        Assert.That(((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Content.Headers.ContentRange
            ?.ToString()), Is.EqualTo((status, body, contentRange)));
        Assert.That(_cached.Origin.Asked, Is.EqualTo(1));
    }

    [Test]
    public async Task PartialResponse_IsNeverStored()
    {
        _cached.Origin.Answers(
            _ => FakeOrigin.Response(HttpStatusCode.PartialContent, "od", "Cache-Control: max-age=60", "Content-Range: bytes 1-2/4"));
        await _cached.GetAsync("", "Range: bytes=1-2");
        await _cached.GetAsync();

        Assert.That(((await _cached.GetAsync()).IsHit, _cached.Origin.Asked), Is.EqualTo((false, 3)));
    }

    [Test]
    public async Task ConditionalRequest_IsAnsweredWith304()
    {
        _cached.Origin.Answers("one", "Cache-Control: max-age=60", "ETag: W/\"1\"", "Last-Modified: Mon, 30 Nov 2026 10:00:00 GMT");
        await _cached.GetAsync();

        Assert.That((await _cached.GetAsync("", "If-None-Match: \"0\", \"1\"")).Status, Is.EqualTo(304));
        Assert.That((await _cached.GetAsync("", "If-None-Match: \"0\"")).Status, Is.EqualTo(200));
        Assert.That((await _cached.GetAsync("", "If-Modified-Since: Mon, 30 Nov 2026 11:00:00 GMT")).Status, Is.EqualTo(304));
        Assert.That((await _cached.GetAsync("", "If-Modified-Since: Mon, 30 Nov 2026 09:00:00 GMT")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task RedirectedResponse_IsNotStored()
    {
        _cached.Origin.Answers(request =>
        {
            request.RequestUri = new Uri("http://elsewhere.test/");
            return FakeOrigin.Response("one", "Cache-Control: max-age=60");
        });
        await _cached.GetAsync();

        Assert.That((await _cached.GetAsync()).IsHit, Is.False);
    }

    [Test]
    public async Task RequestOptions_SkipRefreshKeyAndTag()
    {
        async Task<bool> IsHitAsync(Action<HttpRequestOptions> set)
        {
            using var request = CachedClient.Request(HttpMethod.Get);
            set(request.Options);
            using var response = await _cached.Client.SendAsync(request);
            return (await Got.OfAsync(response)).IsHit;
        }

        Assert.That(await IsHitAsync(options => options.Set(HttpCacheRequest.Tags, ["symbol:AAPL"])), Is.False);
        Assert.That(await IsHitAsync(_ => { }), Is.True);
        Assert.That(await IsHitAsync(options => options.Set(HttpCacheRequest.Skip, true)), Is.False);
        Assert.That(await IsHitAsync(options => options.Set(HttpCacheRequest.Refresh, true)), Is.False);
        Assert.That(await IsHitAsync(options => options.Set(HttpCacheRequest.Tags, ["symbol:AAPL"])), Is.True);
        Assert.That(await IsHitAsync(options => options.Set(HttpCacheRequest.Key, "mine")), Is.False);
        Assert.That(await IsHitAsync(options => options.Set(HttpCacheRequest.Key, "mine")), Is.True);

        Assert.That(await IsHitAsync(options => options.Set(HttpCacheRequest.Refresh, true)), Is.False);
        Assert.That(await IsHitAsync(_ => { }), Is.True);
        using var stored = await _cached.Store.GetAsync("http:quotes:mine");
        Assert.That(stored.IsHit, Is.True, "its key is readable");
    }
}
