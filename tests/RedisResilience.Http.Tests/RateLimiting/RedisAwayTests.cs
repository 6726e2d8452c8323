using Microsoft.Extensions.DependencyInjection;
using Moq;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Upstream;

namespace RedisResilience.Http.Tests.RateLimiting;

/// <summary>A request whose limit Redis did not answer does not wait for Redis a second time.</summary>
internal sealed class RedisAwayTests
{
    private static readonly RateLimit Limit = RateLimit.FixedWindow(10, TimeSpan.FromMinutes(1));
    private static readonly RateLimitDecision Uncounted =
        new() { IsAllowed = true, Granted = 1, Limit = 10, Remaining = 9, Source = DecisionSource.FailurePolicy };

    [Test]
    public async Task WhatTheOtherSideHasSaid_IsKnownWithoutRedis()
    {
        var limiter = new Mock<IRateLimiter>();
        limiter.Setup(asked => asked.WaitAsync(
            "client", It.IsAny<RateLimit>(), 1, It.IsAny<TimeSpan>(), It.IsAny<CancellationToken>())).ReturnsAsync(Uncounted);
        var upstream = new Mock<IUpstreamQuota>(MockBehavior.Strict);
        upstream.Setup(asked => asked.KnownWait("quotes:client")).Returns(TimeSpan.Zero);
        upstream.SetupSequence(asked => asked.TakeKnown("quotes:client", 1)).Returns((TimeSpan?)null).Returns(TimeSpan.FromSeconds(3));
        using var limited = new LimitedClient(Limit, more: client =>
            client.Services.AddSingleton(limiter.Object).AddSingleton(upstream.Object));

        Assert.That(await limited.SendAsync(), Is.Null);
        Assert.That((await limited.SendAsync(), limited.Origin.Asked), Is.EqualTo(((TimeSpan?)TimeSpan.FromSeconds(3), 1)));
    }
}
