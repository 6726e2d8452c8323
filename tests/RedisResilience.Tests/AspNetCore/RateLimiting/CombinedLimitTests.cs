using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Time.Testing;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.AspNetCore.RateLimiting;

/// <summary>Several limits of one policy, on one key.</summary>
public sealed class CombinedLimitTests
{
    private static readonly RateLimit Burst = RateLimit.TokenBucket(2, TimeSpan.FromSeconds(1), burst: 3) with { Name = "burst" };
    private static readonly RateLimit Hourly = RateLimit.FixedWindow(4, TimeSpan.FromHours(1));

    private readonly FakeTimeProvider _time = new();

    [Test]
    public async Task Fields_TellOfEachPartAndADenialOfThoseThatDeny()
    {
        using var limiter = new InMemoryRateLimiter(_time);
        await using var app = await HttpApp.StartAsync(
            app => app.MapGet("/", () => "").RequireRateLimit("api"), options =>
                options.AddPolicy("api", RateLimit.All(Burst, Hourly)), counting: limiter);

        var first = await app.GetAsync("/");
        Assert.That(first.Field(
            "RateLimit-Policy"), Is.EqualTo("\"burst\";q=3, \"api-2\";q=4;w=3600"), "3 tokens of half a second are not whole seconds");
        Assert.That(first.Field("RateLimit"), Is.EqualTo("\"burst\";r=2;t=1, \"api-2\";r=3;t=3600"));

        await app.GetAsync("/");
        await app.GetAsync("/");
        var denied = await app.GetAsync("/");
        Assert.That(denied.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(denied.Field("RateLimit"), Is.EqualTo("\"burst\";r=0;t=1"));
        Assert.That(denied.Field("Retry-After"), Is.EqualTo("1"));
        Assert.That(await denied.Content.ReadAsStringAsync(), Does.Contain("\"violated-policies\":[\"burst\"]"));

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.That((await app.GetAsync("/")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        var last = await app.GetAsync("/");
        Assert.That(last.Field("RateLimit"), Is.EqualTo("\"api-2\";r=0;t=3590"));
        Assert.That(last.Field("Retry-After"), Is.EqualTo("3590").Or.EqualTo("3591"));
    }

    [Test]
    public async Task CostThatCanNeverBeMet_Is429WithoutRetryAfter()
    {
        using var limiter = new InMemoryRateLimiter(_time);
        await using var app = await HttpApp.StartAsync(
            app => app.MapGet("/", () => "").RequireRateLimit("api", cost: 4), options =>
                options.AddPolicy("api", RateLimit.All(Burst, Hourly)), counting: limiter);

        var response = await app.GetAsync("/");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(response.Field("Retry-After"), Is.Null);
        Assert.That(response.Field("RateLimit"), Is.Null);
        Assert.That(response.Field("RateLimit-Policy"), Is.Not.Null);
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain(
            "\"violated-policies\":[\"burst\"]").And.Contain("more than the quota can ever give"));
    }

    [TestCaseSource(nameof(Windows))]
    public async Task Window_IsSaidInWholeSecondsOrNotAtAll(RateLimit limit, string policy)
    {
        await using var app = await HttpApp.StartAsync(app => app.MapGet("/", () => "").RequireRateLimit(limit));

        Assert.That((await app.GetAsync("/")).Field("RateLimit-Policy"), Is.EqualTo($"\"default\";{policy}"));
    }

    private static IEnumerable<TestCaseData> Windows() =>
    [
        new(RateLimit.FixedWindow(5, TimeSpan.FromSeconds(2)), "q=5;w=2"),
        new(RateLimit.FixedWindow(5, TimeSpan.FromMilliseconds(500)), "q=5"),
        new(RateLimit.SlidingWindow(5, TimeSpan.FromMinutes(1)), "q=5;w=60"),
        new(RateLimit.SlidingLog(5, TimeSpan.FromMilliseconds(1500)), "q=5"),
        new(RateLimit.TokenBucket(10, TimeSpan.FromSeconds(1)), "q=10;w=1"),
        new(RateLimit.TokenBucket(10, TimeSpan.FromSeconds(1), burst: 50), "q=50;w=5"),
        new(RateLimit.TokenBucket(3, TimeSpan.FromSeconds(1), burst: 4), "q=4"),
        new(RateLimit.Concurrency(7), "q=7;qu=\"concurrent-requests\""),
    ];
}
