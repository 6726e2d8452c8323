using System.Net;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Upstream;

namespace RedisResilience.Http.Tests.Caching;

internal sealed class RevalidationTests
{
    private readonly CachedClient _cached = new();

    [TearDown]
    public void Dispose() => _cached.Dispose();

    [Test]
    public async Task StaleResponse_IsAskedAbout_AndMergedWithThe304()
    {
        _cached.Origin.Answers(
            "one", "Cache-Control: max-age=60", "ETag: \"1\"", "Last-Modified: Mon, 30 Nov 2026 10:00:00 GMT", "X-Own: a", "X-Kept: k");
        await _cached.GetAsync();
        _cached.Pass(61);
        _cached.Origin.Answers(
            _ => FakeOrigin.Response(HttpStatusCode.NotModified, "", "Cache-Control: max-age=30", "X-Own: b", "Content-Length: 99"));
        using var confirmed = await _cached.SendAsync(HttpMethod.Get);

        Assert.That(_cached.Origin.Last.Headers.GetValues("If-None-Match").Single(), Is.EqualTo("\"1\""));
        Assert.That(_cached.Origin.Last.Headers.GetValues("If-Modified-Since").Single(), Is.EqualTo("Mon, 30 Nov 2026 10:00:00 GMT"));
        Assert.That(
            await Got.OfAsync(confirmed), Is.EqualTo(new Got(200, "one", "RedisResilience; fwd=stale; fwd-status=304; stored", "0")));
        Assert.That(
            (confirmed.Headers.GetValues("X-Own").Single(), confirmed.Headers.GetValues("X-Kept").Single()), Is.EqualTo(("b", "k")));
        Assert.That((await _cached.GetAsync()).CacheStatus, Is.EqualTo("RedisResilience; hit; ttl=30"));
        Assert.That(_cached.Origin.Asked, Is.EqualTo(2));
    }

    [Test]
    public async Task NoCache_IsAskedAboutEveryTime()
    {
        _cached.Origin.Answers("one", "Cache-Control: no-cache, max-age=60", "ETag: \"1\"");
        await _cached.GetAsync();
        _cached.Origin.Answers(_ => FakeOrigin.Response(HttpStatusCode.NotModified, ""));

        Assert.That((await _cached.GetAsync(), await _cached.GetAsync()).ToString(), Does.Not.Contain("hit"));
        Assert.That(_cached.Origin.Asked, Is.EqualTo(3));
    }

    [Test]
    public async Task ChangedResponse_TakesThePlace()
    {
        _cached.Origin.Answers("one", "Cache-Control: max-age=60", "ETag: \"1\"");
        await _cached.GetAsync();
        _cached.Pass(61);
        _cached.Origin.Answers("two", "Cache-Control: max-age=60", "ETag: \"2\"");

        Assert.That((await _cached.GetAsync()).Body, Is.EqualTo("two"));
        Assert.That(((await _cached.GetAsync()).Body, _cached.Origin.Asked), Is.EqualTo(("two", 2)));
    }

    [Test]
    public async Task A304ToNothing_IsPassedOnAndNotStored()
    {
        _cached.Origin.Answers(_ => FakeOrigin.Response(HttpStatusCode.NotModified, "", "Cache-Control: max-age=60"));

        Assert.That((await _cached.GetAsync()).Status, Is.EqualTo(304));
        Assert.That(((await _cached.GetAsync()).Status, _cached.Origin.Asked), Is.EqualTo((304, 2)));
    }

    [Test]
    public async Task RefreshThatFails_LeavesWhatThereWas()
    {
        _cached.Origin.Answers("one", "Cache-Control: max-age=60");
        await _cached.GetAsync();
        _cached.Pass(10);
        _cached.Origin.Fails();
        Assert.That(async () => await _cached.GetAsync("", "Cache-Control: no-cache"), Throws.InstanceOf<HttpRequestException>());

        Assert.That((await _cached.GetAsync()).CacheStatus, Is.EqualTo("RedisResilience; hit; ttl=50"));
    }

    [Test]
    public async Task RefreshThatFails_IsToldToAllWhoWantedIt()
    {
        await _cached.GetAsync();
        var gate = new TaskCompletionSource();
        _cached.Origin.Answer = async (_, _) =>
        {
            await gate.Task;
            throw new HttpRequestException("gone");
        };
        var getting = Enumerable.Range(0, 3).Select(_ => _cached.GetAsync("", "Cache-Control: no-cache")).ToArray();
        gate.SetResult();
        foreach (var one in getting)
        {
            Assert.That(async () => await one, Throws.InstanceOf<HttpRequestException>());
        }

        Assert.That((await _cached.GetAsync()).IsHit, Is.True);
    }

    [Test]
    public async Task LimitThatSaysWait_LetsTheStaleOneBeServedAtOnce()
    {
        using var cached = new CachedClient(more: client =>
        {
            client.Services.AddSingleton<IRateLimiter>(provider => new InMemoryRateLimiter(provider.GetRequiredService<TimeProvider>()));
            client.Services.AddSingleton<IUpstreamQuota>(
                provider => new InMemoryUpstreamQuota(provider.GetRequiredService<TimeProvider>()));
            client.AddRedisResilienceLimit(
                "quotes", RateLimit.FixedWindow(1, TimeSpan.FromHours(1)), options => options.MaximumWait = TimeSpan.FromHours(2));
        });
        await cached.GetAsync();
        cached.Pass(61);

        Assert.That((await cached.GetAsync()).CacheStatus, Does.EndWith("stale-if-error"));
        Assert.That(cached.Origin.Asked, Is.EqualTo(1));
    }

    [TestCase(HttpStatusCode.ServiceUnavailable)]
    [TestCase(HttpStatusCode.TooManyRequests)]
    [TestCase(null)]
    public async Task FailedOrigin_LetsTheStaleOneBeServed(HttpStatusCode? status)
    {
        await _cached.GetAsync();
        _cached.Pass(61);
        if (status is { } failure)
        {
            _cached.Origin.Answers(_ => FakeOrigin.Response(failure, "no"));
        }
        else
        {
            _cached.Origin.Fails();
        }

        Assert.That(
            await _cached.GetAsync(), Is.EqualTo(new Got(200, "body", "RedisResilience; hit; ttl=-1; detail=stale-if-error", "61")));
        Assert.That((await _cached.GetAsync()).Body, Is.EqualTo("body"), "and it is left alone for a moment");
        Assert.That(_cached.Origin.Asked, Is.EqualTo(2));
        _cached.Pass(3600);
        if (status is null)
        {
            Assert.That(async () => await _cached.GetAsync(), Throws.InstanceOf<HttpRequestException>());
        }
        else
        {
            Assert.That((await _cached.GetAsync()).Status, Is.EqualTo((int)status));
        }
    }

    [TestCase("must-revalidate")]
    [TestCase("proxy-revalidate")]
    [TestCase("s-maxage=60")]
    [TestCase("no-cache")]
    public async Task FailedOrigin_IsTold_WhereStaleIsForbidden(string directive)
    {
        _cached.Origin.Answers("one", $"Cache-Control: max-age=60, {directive}", "ETag: \"1\"");
        await _cached.GetAsync();
        _cached.Pass(61);
        _cached.Origin.Answers(_ => FakeOrigin.Response(HttpStatusCode.BadGateway, "no"));
        Assert.That((await _cached.GetAsync()).Status, Is.EqualTo(502));
        _cached.Origin.Fails();
        Assert.That(async () => await _cached.GetAsync(), Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task SilentOrigin_IsNotWaitedFor_WhereThereIsAStaleOne()
    {
        await _cached.GetAsync();
        _cached.Pass(61);
        _cached.Origin.Answer = async (_, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return FakeOrigin.Response("late");
        };
        var getting = _cached.GetAsync();
        while (!getting.IsCompleted)
        {
            _cached.Pass(1);
            await Task.Yield();
        }

        Assert.That((await getting).CacheStatus, Does.Contain("stale-if-error"));
    }

    [Test]
    public async Task WithinTheWindow_TheStaleOneIsServedAndRefreshedInTheBackground()
    {
        _cached.Origin.Answers("one", "Cache-Control: max-age=60, stale-while-revalidate=30");
        await _cached.GetAsync();
        _cached.Pass(61);
        var gate = new TaskCompletionSource();
        _cached.Origin.Answer = async (_, _) =>
        {
            await gate.Task;
            return FakeOrigin.Response("two", "Cache-Control: max-age=60");
        };
        Assert.That((await _cached.GetAsync()).Body, Is.EqualTo("one"));
        Assert.That((await _cached.GetAsync()).Body, Is.EqualTo("one"));
        gate.SetResult();
        await RedisResilience.Tests.Eventually.BecomesTrueAsync(async () => (await _cached.GetAsync()).Body == "two");

        Assert.That(_cached.Origin.Asked, Is.EqualTo(2));
    }
}
