using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.RateLimiting;

internal sealed class NoOpRateLimiterTests : RateLimiterContract
{
    protected override IRateLimiter Limiter => NoOpRateLimiter.Instance;

    [Test]
    public async Task AnyCall_IsAllowedAndCountedByNobody()
    {
        RateLimitDecision decision = default;
        for (var call = 0; call < 200; call++)
        {
            decision = await Limiter.AcquireAsync("key", HundredAnHour);
        }

        Assert.That(decision, Is.EqualTo(
            new RateLimitDecision { IsAllowed = true, Granted = 1, Limit = 100, Remaining = 100, Source = DecisionSource.None }));
        Assert.That(decision.IsDegraded, Is.False);
    }

    [Test]
    public async Task LimitThatDeniesOnFailure_IsAllowedToo() => Assert.That(
        (await Limiter.AcquireAsync("key", HundredAnHour with { FailurePolicy = FailurePolicy.Deny })).IsAllowed, "no Redis is no failure");
}
