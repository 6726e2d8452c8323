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
        Assert.That(crowd.Expected(gathered), Is.EqualTo(expected));
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
            Assert.That(crowd.Expected(gathered: 0), Is.Positive);
            crowd.Observe(told: 1, gathered: 0);
        }

        crowd.Observe(told: 1, gathered: 0);
        Assert.That(crowd.Expected(gathered: 0), Is.Zero);
    }

    [Test]
    public void WaitInVain_ForgetsTheCrowd()
    {
        var wait = default(ReadWait);
        Assert.That(wait.TryBegin(told: 100, gathered: 0, _clock), Is.True);
        _clock.Advance(GatheringLimit.Time);
        Assert.That(wait.TryGiveUp(_clock), Is.True);
        Assert.That(Enumerable.Range(
            0, 20).Any(_ => wait.TryBegin(told: 1, gathered: 0, _clock)), Is.False, "who was about is not waited for again");
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
