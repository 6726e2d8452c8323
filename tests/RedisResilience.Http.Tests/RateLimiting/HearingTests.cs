using System.Net;
using RedisResilience.RateLimiting;

namespace RedisResilience.Http.Tests.RateLimiting;

internal sealed class HearingTests
{
    private const string Date = "Date: Mon, 30 Nov 2026 12:05:00 GMT";
    private readonly LimitedClient _limited = new(RateLimit.FixedWindow(1000, TimeSpan.FromSeconds(1)));

    [TearDown]
    public void Dispose() => _limited.Dispose();

    [TestCase(429, "Retry-After: 2", 2)]
    [TestCase(503, "Retry-After: 2", 2)]
    [TestCase(429, "Retry-After: Mon, 30 Nov 2026 12:05:07 GMT", 7, Description = "by the other side's own date")]
    [TestCase(429, "Retry-After: 99999999999", 86400, Description = "a day at most")]
    [TestCase(200, "Retry-After: 2", 0)]
    [TestCase(429, "Retry-After: soon", 0)]
    [TestCase(429, "Retry-After: -5", 0)]
    [TestCase(200, "RateLimit: \"day\";r=0;t=5", 5)]
    [TestCase(200, "RateLimit: \"day\";r=10;t=50, \"burst\";r=0;t=3", 3)]
    [TestCase(200, "RateLimit: \"day\";r=0;t=5;pk=:YQ==:", 5)]
    [TestCase(200, "RateLimit: limit=10, remaining=0, reset=4", 4)]
    [TestCase(200, "RateLimit: \"day\";r=0;t=5, &&&", 0)]
    [TestCase(200, "RateLimit: \"day\";r=-1;t=5", 5, Description = "some APIs count below zero")]
    [TestCase(200, "RateLimit: limit=10, remaining=-3, reset=4", 4)]
    [TestCase(200, "RateLimit: \"day\";r=-;t=5", 0)]
    [TestCase(429, "Retry-After: 3, 4", 4, Description = "a proxy has joined two lines")]
    [TestCase(429, "Retry-After: 4, 3", 4)]
    [TestCase(429, "Retry-After: 4, soon", 0)]
    [TestCase(200, "X-Own-Remaining: 0", 0)]
    public async Task Word_ClosesForItsTime(int status, string field, int seconds)
    {
        _limited.Origin.Answers(_ => FakeOrigin.Response((HttpStatusCode)status, "", field, Date));
        await _limited.SendAsync();

        Assert.That(await _limited.SendAsync() ?? TimeSpan.Zero, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
        Assert.That(_limited.Origin.Asked, Is.EqualTo(seconds == 0 ? 2 : 1));
        _limited.Time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.That(await _limited.SendAsync(), Is.Null);
    }

    [TestCase("RateLimit-Remaining: 0", "RateLimit-Reset: 6", 6)]
    [TestCase("X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 6", 6)]
    [TestCase("X-RateLimit-Remaining: -2", "X-RateLimit-Reset: 6", 6)]
    [TestCase("Retry-After: 3", "Retry-After: Mon, 30 Nov 2026 12:00:08 GMT", 0)]
    [TestCase("X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 1796040308", 8)]
    [TestCase("X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 1796040308000", 8)]
    [TestCase("RateLimit: \"day\";r=0", "RateLimit-Policy: \"day\";q=100;w=9", 9)]
    [TestCase("X-RateLimit-Remaining: 0", "X-RateLimit-Reset: never", 0)]
    public async Task WordInTwoFields_ClosesForItsTime(string first, string second, int seconds)
    {
        _limited.Origin.Answers(_ => FakeOrigin.Response(HttpStatusCode.OK, "", first, second, Date));
        await _limited.SendAsync();

        Assert.That(await _limited.SendAsync() ?? TimeSpan.Zero, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
    }

    [Test]
    public async Task LowerQuota_GoesBeforeOurs_AndIsSpentBetweenItsWords()
    {
        _limited.Origin.Answers(_ => FakeOrigin.Response("", "RateLimit: \"day\";r=2;t=60"));
        await _limited.SendAsync();
        _limited.Origin.Answers("");

        Assert.That((await _limited.SendAsync(), await _limited.SendAsync()), Is.EqualTo(((TimeSpan?)null, (TimeSpan?)null)));
        Assert.That(await _limited.SendAsync(), Is.EqualTo(TimeSpan.FromSeconds(60)));
    }

    [Test]
    public async Task HigherQuota_WidensNothing()
    {
        using var narrow = new LimitedClient(RateLimit.FixedWindow(2, TimeSpan.FromSeconds(1)));
        narrow.Origin.Answers(_ => FakeOrigin.Response("", "RateLimit: \"day\";r=1000;t=60"));
        await narrow.SendAsync();
        await narrow.SendAsync();

        Assert.That(await narrow.SendAsync(), Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task WaitingRequests_AreSentAfterThePause_SpreadOut()
    {
        using var limited = new LimitedClient(
            RateLimit.FixedWindow(1000, TimeSpan.FromSeconds(1)), options =>
                (options.MaximumWait, options.Spread) = (TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10)));
        limited.Origin.Answers(_ => FakeOrigin.Response(HttpStatusCode.TooManyRequests, "", "Retry-After: 2"));
        await limited.SendAsync();
        var toldAt = limited.Time.GetUtcNow();
        var sentAt = new System.Collections.Concurrent.ConcurrentBag<TimeSpan>();
        limited.Origin.Answers(_ =>
        {
            sentAt.Add(limited.Time.GetUtcNow() - toldAt);
            return FakeOrigin.Response("");
        });
        await limited.PassUntilAsync(Task.WhenAll(Enumerable.Range(0, 40).Select(_ => limited.SendAsync())));

        Assert.That(sentAt, Has.Count.EqualTo(40));
        Assert.That(sentAt.Min(), Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(2)));
        Assert.That(sentAt.Max() - sentAt.Min(), Is.InRange(
            TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(11)), "all at the same time: one in 4^40");
    }

    [Test]
    public async Task SpreadOut_NobodyWaitsForLongerThanItMay()
    {
        using var limited = new LimitedClient(
            RateLimit.FixedWindow(1000, TimeSpan.FromSeconds(1)), options =>
                (options.MaximumWait, options.Spread) = (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10)));
        limited.Origin.Answers(_ => FakeOrigin.Response(HttpStatusCode.TooManyRequests, "", "Retry-After: 2"));
        await limited.SendAsync();
        limited.Origin.Answers(_ => FakeOrigin.Response(""));

        var took = await limited.PassUntilAsync(Task.WhenAll(Enumerable.Range(0, 20).Select(_ => limited.SendAsync())));
        Assert.That(took, Is.InRange(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3.2)), "PassUntilAsync goes by steps");
    }

    [Test]
    public async Task PauseWhilePermitsAreWaitedFor_GivesThemBack()
    {
        using var limited = new LimitedClient(
            RateLimit.FixedWindow(2, TimeSpan.FromHours(1)), options => options.MaximumWait = TimeSpan.Zero);
        await limited.Upstream.AnnounceAsync("quotes:client", 0, TimeSpan.FromSeconds(5));
        Assert.That(await limited.SendAsync(), Is.EqualTo(TimeSpan.FromSeconds(5)));
        limited.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.That((await limited.SendAsync(), await limited.SendAsync()), Is.EqualTo(
            ((TimeSpan?)null, (TimeSpan?)null)), "the refused one has cost nothing");
    }

    [Test]
    public async Task WhatIsNotHeard_ClosesNothing()
    {
        using var deaf = new LimitedClient(RateLimit.FixedWindow(1000, TimeSpan.FromSeconds(1)), options => options.HearsUpstream = false);
        deaf.Origin.Answers(_ => FakeOrigin.Response(HttpStatusCode.TooManyRequests, "", "Retry-After: 2"));

        Assert.That((await deaf.SendAsync(), await deaf.SendAsync()), Is.EqualTo(((TimeSpan?)null, (TimeSpan?)null)));
    }
}
