using Microsoft.Extensions.Time.Testing;
using RedisResilience.Caching.Reading;

namespace RedisResilience.Tests.Caching.Reading;

internal sealed class ReadWaitTests
{
    private readonly FakeTimeProvider _clock = new();

    [TestCase(7, 0, 0)]
    [TestCase(8, 0, 5)]
    [TestCase(9, 3, 8)]
    [TestCase(5, 3, 5)]
    [TestCase(3, 6, 0)]
    [TestCase(1, 15, 0)]
    public void Crowd_IsExpectedToComeAgain_WhereThereIsOne(int told, int gathered, int expected)
    {
        var crowd = default(Crowd);
        crowd.Observe(told, gathered);
        Assert.That((crowd.Expected(gathered), crowd.IsThere), Is.EqualTo((expected, told + gathered >= 8)));
    }

    [Test]
    public void Crowd_IsRemembered_WhileMostOfItIsOnItsWay_AndForgottenByAndBy()
    {
        var crowd = default(Crowd);
        crowd.Observe(told: 10, gathered: 6);
        crowd.Observe(told: 1, gathered: 0);
        Assert.That(crowd.Expected(gathered: 0), Is.EqualTo(10));
        for (var read = 0; read < 7; read++)
        {
            Assert.That(crowd.IsThere, Is.True);
            crowd.Observe(told: 1, gathered: 0);
        }

        crowd.Observe(told: 1, gathered: 0);
        Assert.That((crowd.IsThere, crowd.Expected(gathered: 0)), Is.EqualTo((false, 0)));
    }

    [Test]
    public void KeyWhoseReadHadOneReader_RestsNot_WhereACrowdIsExpected()
    {
        var wait = default(ReadWait);
        Assert.That(wait.ExpectsMore, Is.False);
        wait.TryBegin(told: 10, gathered: 8, _clock);
        Assert.That(wait.ExpectsMore, Is.True);
        wait.TryBegin(told: 1, gathered: 0, _clock);
        _clock.Advance(GatheringLimit.Time);
        Assert.That((wait.TryGiveUp(_clock), wait.ExpectsMore), Is.EqualTo((true, false)), "nobody came");
    }

    [Test]
    public void Wait_EndsOnce_WhenThoseExpectedHaveCome()
    {
        var wait = default(ReadWait);
        Assert.That(wait.TryEnd(100), Is.False);
        Assert.That(wait.TryBegin(told: 12, gathered: 0, _clock), Is.True);
        Assert.That(wait.TryEnd(7), Is.False);
        Assert.That(wait.IsOn, Is.True);
        Assert.That(wait.TryEnd(8), Is.True);
        Assert.That(wait.TryEnd(9), Is.False);
        Assert.That(wait.IsOn, Is.False);
        Assert.That(wait.TryBegin(told: 12, gathered: 0, _clock), Is.True);
    }

    [Test]
    public void WaitInVain_EndsAfterAMoment_AndIsNotTriedAgainAtOnce()
    {
        var wait = default(ReadWait);
        Assert.That(wait.TryBegin(told: 12, gathered: 0, _clock), Is.True);
        _clock.Advance(GatheringLimit.Time / 2);
        Assert.That(wait.TryGiveUp(_clock), Is.False);
        _clock.Advance(GatheringLimit.Time / 2);
        Assert.That(wait.TryGiveUp(_clock), Is.True);
        Assert.That(wait.TryGiveUp(_clock), Is.False);

        var reads = 1;
        while (!wait.TryBegin(told: 12, gathered: 0, _clock))
        {
            reads++;
        }

        Assert.That(reads, Is.EqualTo(17));
    }
}
