using System.Net;

namespace RedisResilience.Http.Tests.Caching;

/// <summary>What a request that may change something makes of what is stored.</summary>
internal sealed class UnsafeRequestTests
{
    [TestCase("POST", HttpStatusCode.OK, false)]
    [TestCase("PUT", HttpStatusCode.NoContent, false)]
    [TestCase("DELETE", HttpStatusCode.Found, false)]
    [TestCase("M-SEARCH", HttpStatusCode.OK, false)]
    [TestCase("POST", HttpStatusCode.InternalServerError, true)]
    [TestCase("OPTIONS", HttpStatusCode.OK, true)]
    public async Task UnsafeRequest_RemovesWhatIsStored_WhenItHasSucceeded(string method, HttpStatusCode status, bool isHit)
    {
        using var cached = new CachedClient();
        await cached.GetAsync();
        await cached.GetAsync("/quotes/B");
        await cached.GetAsync("http://other.test/");
        cached.Origin.Answers(_ => FakeOrigin.Response(status, "", "Location: /quotes/B", "Content-Location: http://other.test/"));
        (await cached.SendAsync(new HttpMethod(method))).Dispose();
        cached.Origin.Answers("new", "Cache-Control: max-age=60");

        Assert.That(((await cached.GetAsync()).IsHit, (await cached.GetAsync("/quotes/B")).IsHit), Is.EqualTo((isHit, isHit)));
        Assert.That((await cached.GetAsync("http://other.test/")).IsHit, Is.True, "another origin's is not its business");
    }

    [TestCase("POST", "fwd=method")]
    [TestCase("OPTIONS", "fwd=method")]
    [TestCase("GET", "fwd=bypass")]
    public async Task RequestThatPassesBy_IsToldSo(string method, string expected)
    {
        using var cached = new CachedClient();
        using var request = CachedClient.Request(new HttpMethod(method));
        request.Options.Set(HttpCacheRequest.Skip, true);
        using var response = await cached.Client.SendAsync(request);

        Assert.That((await Got.OfAsync(response)).CacheStatus, Is.EqualTo($"RedisResilience; {expected}"));
    }

    [Test]
    [Description("A request for something new meets a failure, and an unsafe method has succeeded meanwhile.")]
    public async Task WhatAnUnsafeMethodHasRemoved_IsNotPutBackByAReloadThatFails([Values] bool isOption)
    {
        using var cached = new CachedClient();
        await cached.GetAsync();
        cached.Origin.Answer = async (request, _) =>
        {
            if (request.Method == HttpMethod.Get)
            {
                (await cached.SendAsync(HttpMethod.Put)).Dispose();
                throw new HttpRequestException("gone");
            }

            return FakeOrigin.Response("");
        };
        using (var request = CachedClient.Request(HttpMethod.Get, "", isOption ? [] : ["Cache-Control: no-cache"]))
        {
            request.Options.Set(HttpCacheRequest.Refresh, isOption);
            try
            {
                (await cached.Client.SendAsync(request)).Dispose();
            }
            catch (HttpRequestException)
            {
                // Nothing stored may be served to a request that says no-cache.
            }
        }

        cached.Origin.Answers("new", "Cache-Control: max-age=60");
        Assert.That((await cached.GetAsync()).Body, Is.EqualTo("new"));
    }

    [Test]
    public async Task UnsafeRequestWithAKeyOfItsOwn_RemovesWhatStandsUnderTheUri_Too([Values] bool isLost)
    {
        using var cached = new CachedClient();
        await cached.GetAsync();
        using var request = CachedClient.Request(HttpMethod.Put);
        request.Options.Set(HttpCacheRequest.Key, "own");
        if (isLost)
        {
            cached.Origin.Fails();
            Assert.That(async () => await cached.Client.SendAsync(request), Throws.InstanceOf<HttpRequestException>());
        }
        else
        {
            (await cached.Client.SendAsync(request)).Dispose();
        }

        cached.Origin.Answers("new", "Cache-Control: max-age=60");
        Assert.That((await cached.GetAsync()).Body, Is.EqualTo("new"));
    }

    [Test]
    public async Task UnsafeRequest_WhoseResponseIsLost_RemovesTheStoredOne()
    {
        using var cached = new CachedClient();
        await cached.GetAsync();
        cached.Origin.Fails();
        Assert.That(async () => await cached.SendAsync(HttpMethod.Post), Throws.InstanceOf<HttpRequestException>());
        cached.Origin.Answers("new", "Cache-Control: max-age=60");

        Assert.That((await cached.GetAsync()).Body, Is.EqualTo("new"));
    }

    [Test]
    public async Task UnsafeRequest_DuringALoad_KeepsItFromBeingStored()
    {
        using var cached = new CachedClient();
        var (gate, begun) = (new TaskCompletionSource(), new TaskCompletionSource());
        cached.Origin.Answer = async (request, _) =>
        {
            if (request.Method == HttpMethod.Get)
            {
                begun.TrySetResult();
                await gate.Task;
            }

            return FakeOrigin.Response("old", "Cache-Control: max-age=60");
        };
        var getting = cached.GetAsync();
        await begun.Task;
        (await cached.SendAsync(HttpMethod.Put)).Dispose();
        gate.SetResult();
        await getting;
        cached.Origin.Answers("new", "Cache-Control: max-age=60");

        Assert.That((await cached.GetAsync()).Body, Is.EqualTo("new"));
    }
}
