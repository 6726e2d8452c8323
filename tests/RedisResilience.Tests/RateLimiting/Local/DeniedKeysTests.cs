using Microsoft.Extensions.Time.Testing;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Local;
using RedisResilience.RateLimiting.Local.Denials;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.Tests.RateLimiting.Local;

internal sealed class DeniedKeysTests
{
    private static readonly RateLimit Limit = RateLimit.FixedWindow(100, TimeSpan.FromMinutes(1));

    private static readonly TimeSpan Recheck = TimeSpan.FromDays(1);

    private readonly FakeTimeProvider _time = new();
    private readonly DeniedKeys _denied;

    public DeniedKeysTests() => _denied = new DeniedKeys(100, new LocalClock(_time), Recheck);

    [Test]
    public void UnknownKey_IsNotDenied() => Assert.That(IsDenied("key"), Is.False);

    [Test]
    public void DeniedKey_IsDeniedUntilItsTimeComes()
    {
        Remember("key", 1, seconds: 10);
        _time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Assert.That(IsDenied("key"), Is.True);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.That(IsDenied("key"), Is.False);
    }

    [Test]
    public void DenialThatIsOld_IsAskedForAgainByOneCaller()
    {
        var denied = new DeniedKeys(100, new LocalClock(_time), TimeSpan.FromSeconds(1));
        var key = LocalKey.Of("key", Limit);
        denied.Remember(key, Limit, 1, Denied(10), _time.GetTimestamp());
        _time.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        Assert.That(Asks(DenialUse.Acquire), Is.False);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.That((Asks(DenialUse.Unanswered), Asks(DenialUse.Look)), Is.EqualTo((false, true)));
        Assert.That((Asks(DenialUse.Acquire), Asks(DenialUse.Acquire), Asks(DenialUse.Look)), Is.EqualTo((true, false, false)));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((Asks(DenialUse.Acquire), Asks(DenialUse.Acquire)), Is.EqualTo((true, false)));

        bool Asks(DenialUse use) => !denied.Deny(key, Limit, 1, use).IsMade;
    }

    [Test]
    public void RepeatedDenial_SaysWhoDecidedAndHowLongItStillTakes()
    {
        Remember("key", 1, seconds: 10);
        _time.Advance(TimeSpan.FromSeconds(4));
        var decision = _denied.Deny(LocalKey.Of("key", Limit), Limit, 1, DenialUse.Acquire);
        Assert.That(
            (decision.IsAllowed, decision.Source, decision.IsDegraded, decision.RetryAfter, decision.ResetAfter, decision.Limit),
            Is.EqualTo((false, DecisionSource.Local, false, TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(6), 100)));
    }

    [Test]
    public void AnswerThatTookItsTime_IsCertainFromTheAskingAndRetriedFromTheAnswer()
    {
        var sentAt = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(1));
        _denied.Remember(LocalKey.Of("key", Limit), Limit, 1, Denied(10), sentAt);
        var decision = _denied.Deny(LocalKey.Of("key", Limit), Limit, 1, DenialUse.Acquire);
        Assert.That(decision.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(10)));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.That(IsDenied("key"), Is.False);
    }

    [Test]
    public void RepeatedDenialOfSeveralLimits_SaysWhereEachStandsNow()
    {
        var (burst, daily) = (RateLimit.TokenBucket(3, TimeSpan.FromSeconds(6)), RateLimit.FixedWindow(100, TimeSpan.FromDays(1)));
        var all = RateLimit.All(burst, daily);
        var reply = new ScriptReply(0, 0, 0, 0, 0, [1, 0, 4_000_000, 0, 60_000_000, 60_000_000]);
        _denied.Remember(
            LocalKey.Of("key", all), all, 1, all.Decide(PermitRequest.Exactly(1), reply, DecisionSource.Redis, 0), _time.GetTimestamp());
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.That(States(), Is.EqualTo(new[] { (1, 0, 1), (0, 57, 57) }));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(States(), Is.EqualTo(new[] { (3, 0, 0), (0, 56, 56) }));

        IEnumerable<(int, int, int)> States()
        {
            var decision = _denied.Deny(LocalKey.Of("key", all), all, 1, DenialUse.Acquire);
            Assert.That(decision.IsMade, Is.True);
            return [.. decision.States.Select(
                state => (state.Remaining, (int)state.RetryAfter.TotalSeconds, (int)state.ResetAfter.TotalSeconds))];
        }
    }

    [TestCase(50, 1, false)]
    [TestCase(50, 49, false)]
    [TestCase(50, 50, true)]
    [TestCase(50, 0, false)]
    [TestCase(1, 0, false)]
    public void DeniedCost_BlocksNoSmallerOne(int denied, int asked, bool isDenied)
    {
        Remember("key", denied, seconds: 10);
        Assert.That(IsDenied("key", asked), Is.EqualTo(isDenied));
    }

    [Test]
    public void LargerCost_IsRedisToTell_UntilManyCostsAreKnown()
    {
        Remember("key", 2, seconds: 10);
        Assert.That(IsDenied("key", 3), Is.False, "Redis knows for how long");
        Remember("key", 3, seconds: 20);
        Remember("key", 4, seconds: 30);
        Remember("key", 5, seconds: 40);
        var third = _denied.Deny(LocalKey.Of("key", Limit), Limit, 3, DenialUse.Acquire);
        var anyMore = _denied.Deny(LocalKey.Of("key", Limit), Limit, 50, DenialUse.Acquire);
        Assert.That((third.RetryAfter, anyMore.RetryAfter), Is.EqualTo((TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(40))));
        Assert.That(IsDenied("key", 1), Is.False);
    }

    [Test]
    public void SmallerCostDeniedLater_IsRememberedToo()
    {
        foreach (var cost in new[] { 50, 40, 30, 20, 10 })
        {
            Remember("key", cost, seconds: 10);
        }

        Assert.That((IsDenied("key", 10), IsDenied("key", 9)), Is.EqualTo((true, false)));
    }

    [TestCase("key", "other", 100, ExpectedResult = false)]
    [TestCase("key2", "name", 100, ExpectedResult = false)]
    [TestCase("key", "name", 101, ExpectedResult = false)]
    [TestCase("key", "name", 100, ExpectedResult = true)]
    public bool Denial_IsOfOneKeyAndOneLimit(string key, string name, int permits)
    {
        _denied.Remember(
            LocalKey.Of("key", Limit with { Name = "name" }), Limit with { Name = "name" }, 1, Denied(10), _time.GetTimestamp());
        var limit = RateLimit.FixedWindow(permits, TimeSpan.FromMinutes(1)) with { Name = name };
        return _denied.Deny(LocalKey.Of(key, limit), limit, 1, DenialUse.Acquire).IsMade;
    }

    [Test]
    public void LeasedLimit_IsCertainlyDeniedForASecond_BecauseOthersGiveBack()
    {
        var leased = Limit.WithPrefetch();
        _denied.Remember(LocalKey.Of("key", leased), leased, 1, Denied(10), _time.GetTimestamp());
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.That(_denied.Deny(LocalKey.Of("key", leased), leased, 1, DenialUse.Acquire).IsMade, Is.True);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(_denied.Deny(LocalKey.Of("key", leased), leased, 1, DenialUse.Acquire).IsMade, Is.False);
    }

    [Test]
    public void OtherLimitOnTheSameCount_EndsWhatWasCertain()
    {
        Remember("key", 1, seconds: 10);
        _denied.Deny(LocalKey.Of("key", Limit), RateLimit.FixedWindow(100, TimeSpan.FromSeconds(1)), 1, DenialUse.Acquire);
        Assert.That(IsDenied("key"), Is.False);
    }

    [Test]
    public void ForgottenKey_IsNotDenied_NorByAnAnswerThatWasAskedForBefore()
    {
        Remember("key", 1, seconds: 10);
        var sentAt = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _denied.Forget(LocalKey.Of("key", Limit));
        Assert.That(IsDenied("key"), Is.False);
        _denied.Remember(LocalKey.Of("key", Limit), Limit, 1, Denied(10), sentAt);
        Assert.That(IsDenied("key"), Is.False);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Remember("key", 1, seconds: 10);
        Assert.That(IsDenied("key"), Is.True);
    }

    [Test]
    public void PermitsTakenAfterADenial_MakeItRedisToTellAgain()
    {
        _denied.Outdate(LocalKey.Of("key", Limit));
        Remember("key", 8, seconds: 10);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _denied.Outdate(LocalKey.Of("key", Limit));
        Assert.That(IsDenied("key", 8), Is.False);
    }

    [TestCase(0, 10)]
    [TestCase(1, 0)]
    public void LookAndDenialWithoutATime_AreNotRemembered(int cost, int seconds)
    {
        Remember("key", cost, seconds);
        Assert.That(IsDenied("key", Math.Max(1, cost)), Is.False);
    }

    [Test]
    public void ManyKeys_TakeBoundedMemory()
    {
        for (var key = 0; key < 10_000; key++)
        {
            Remember($"key{key}", 1, seconds: 10);
        }

        Assert.That(Enumerable.Range(0, 10_000).Count(key => IsDenied($"key{key}")), Is.InRange(1, 100));
    }

    private static RateLimitDecision Denied(int seconds) => new()
    {
        IsAllowed = false,
        Limit = 100,
        Remaining = 0,
        RetryAfter = TimeSpan.FromSeconds(seconds),
        ResetAfter = TimeSpan.FromSeconds(seconds),
        Source = DecisionSource.Redis,
    };

    private bool IsDenied(string key, int permits = 1) => _denied.Deny(LocalKey.Of(key, Limit), Limit, permits, DenialUse.Acquire).IsMade;

    private void Remember(string key, int cost, int seconds) =>
        _denied.Remember(LocalKey.Of(key, Limit), Limit, cost, Denied(seconds), _time.GetTimestamp());
}
