using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.RateLimiting;

internal sealed class RateLimitDecisionTests
{
    private static readonly RateLimitDecision Allowed =
        new() { IsAllowed = true, Granted = 1, Limit = 100, Remaining = 94, Source = DecisionSource.Redis };

    [Test]
    public void Text_IsWhatAPersonWantsToRead()
    {
        Assert.That(Allowed.ToString(), Is.EqualTo("allowed: 94 of 100 left (Redis)"));
        Assert.That(
            (Allowed with { Granted = 3, ResetAfter = TimeSpan.FromMinutes(59), Source = DecisionSource.Local }).ToString(),
            Is.EqualTo("allowed: 94 of 100 left, 3 granted, all free after 0:59:00 (Local)"));
        Assert.That(
            (Allowed with { IsAllowed = false, Granted = 0, Remaining = 0, RetryAfter = TimeSpan.FromSeconds(12.5) }).ToString(),
            Is.EqualTo("denied: 0 of 100 left, retry after 0:00:12.5 (Redis)"));
        Assert.That(
            RateLimitDecision.Impossible(RateLimit.SlidingLog(5, TimeSpan.FromHours(1))).ToString(),
            Is.EqualTo("denied for ever: 0 of 5 left (Local)"));
    }

    [Test]
    public void WhenPermitsWereTaken_IsNoPartOfWhatADecisionSays()
    {
        var later = Allowed with { Origin = new PermitOrigin(time: 7, askedAt: 8) };
        Assert.That((later, later.GetHashCode()), Is.EqualTo((Allowed, Allowed.GetHashCode())));
        Assert.That(later.ToString(), Is.EqualTo(Allowed.ToString()));
    }
}
