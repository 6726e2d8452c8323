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
    public void Crowd_IsExpectedToComeAgain_WhereThereIsOne(int told, int gathered, int expected) =>
        Assert.That(Crowd.Expected(told, gathered), Is.EqualTo(expected));

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
