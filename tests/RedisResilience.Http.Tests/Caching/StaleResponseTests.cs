using System.Net;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Upstream;

namespace RedisResilience.Http.Tests.Caching;

/// <summary>A stale response, where the other side fails or is asked in the background.</summary>
internal sealed class StaleResponseTests
{
    private readonly CachedClient _cached = new();

    [TearDown]
    public void Dispose() => _cached.Dispose();

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

    [TestCase("s-maxage=60, stale-if-error=100", true)]
    [TestCase("s-maxage=60, stale-while-revalidate=1", false)]
    [TestCase("max-age=60, must-revalidate, stale-if-error=100", false)]
    public async Task ResponseThatAllowsItItself_IsServedStaleThoughItHasASharedLifetime(string control, bool expected)
    {
        _cached.Origin.Answers("body", $"Cache-Control: {control}", "ETag: \"1\"");
        await _cached.GetAsync();
        _cached.Pass(70);
        _cached.Origin.Answers(_ => FakeOrigin.Response(HttpStatusCode.BadGateway, ""));

        Assert.That((await _cached.GetAsync()).Status, Is.EqualTo(expected ? 200 : 502));
    }

    [TestCase("max-age=0, stale-while-revalidate=30", true)]
    [TestCase("max-age=0, stale-while-revalidate=30, must-revalidate", false)]
    [TestCase("max-age=0, stale-while-revalidate=30, no-cache", false)]
    [TestCase("max-age=0, stale-while-revalidate=0", false)]
    [TestCase("stale-while-revalidate=30", false)]
    [Description("Without a validator it is good for nothing else: to be served while a new one is fetched (RFC 5861, section 3).")]
    public async Task ResponseThatIsStaleAsItComes_IsServedWhileItIsRefreshed_IfItSaysSo(string control, bool expected)
    {
        _cached.Origin.Answers("one", $"Cache-Control: {control}");
        await _cached.GetAsync();
        _cached.Origin.Answers("two", $"Cache-Control: {control}");
        _cached.Time.Advance(TimeSpan.FromMilliseconds(2));

        Assert.That((await _cached.GetAsync()).Body, Is.EqualTo(expected ? "one" : "two"));
        await RedisResilience.Tests.Eventually.BecomesTrueAsync(() => _cached.Origin.Asked == 2);
    }

    [Test]
    public async Task ResponseThatIsStaleAsItComes_IsServedWhenItsOriginFails_IfItSaysSo()
    {
        _cached.Origin.Answers("one", "Cache-Control: max-age=0, stale-if-error=30");
        await _cached.GetAsync();
        _cached.Origin.Fails();

        Assert.That((await _cached.GetAsync()).CacheStatus, Does.EndWith("detail=stale-if-error"));
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

    [TestCase(false)]
    [TestCase(true)]
    public async Task FailedOrigin_LetsTheStaleOneBeServed_AlsoToRequestsThatGoAlone(bool answers)
    {
        await _cached.GetAsync();
        _cached.Pass(61);
        _cached.Origin.Answers("other", "Cache-Control: no-store");
        Assert.That((await _cached.GetAsync()).Body, Is.EqualTo("other"), "and for a moment nobody waits for another's");
        _cached.Origin.Answer = (_, _) => answers
            ? Task.FromResult(FakeOrigin.Response(HttpStatusCode.BadGateway, "no"))
            : throw new HttpRequestException("gone");

        Assert.That((await _cached.GetAsync()).CacheStatus, Does.EndWith("stale-if-error"));
        Assert.That((await _cached.GetAsync("", "Range: bytes=0-1")).Body, Is.EqualTo("bo"));
        using var head = await _cached.SendAsync(HttpMethod.Head);
        Assert.That((head.StatusCode, head.Content.Headers.ContentLength), Is.EqualTo((HttpStatusCode.OK, 4L)));
    }
}
