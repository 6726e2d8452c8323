using Microsoft.Extensions.Time.Testing;
using RedisResilience.Caching.Reading;

namespace RedisResilience.Tests.Caching.Reading;

/// <summary>When the next read of a key waits for more readers, and for how many.</summary>
internal sealed class CrowdTests
{
    private readonly FakeTimeProvider _clock = new();
    private Crowd _crowd;

    [SetUp]
    public void Forget() => _crowd = default;

    [TestCase(8, 0, 5)]
    [TestCase(9, 3, 8)]
    [TestCase(5, 3, 5)]
    [TestCase(12, 0, 8)]
    public void Crowd_IsAwaitedUntilMostOfItHasCome_AndOnce(int told, int gathered, int expected)
    {
        Assert.That(_crowd.TryEnd(100), Is.False);
        Assert.That(Await(told, gathered), Is.True);
        Assert.That((_crowd.TryEnd(expected - 1), _crowd.IsAwaited), Is.EqualTo((false, true)));
        Assert.That((_crowd.TryEnd(expected), _crowd.IsAwaited), Is.EqualTo((true, false)));
        Assert.That(_crowd.TryEnd(expected + 1), Is.False);
        Assert.That(Await(told, gathered), Is.True, "it is awaited the next time, too");
    }

    [TestCase(7, 0)]
    [TestCase(3, 6)]
    [TestCase(1, 15)]
    public void Few_AndThoseWhoHaveComeAlready_AreNotAwaited(int told, int gathered) => Assert.That(Await(told, gathered), Is.False);

    [Test]
    public void Crowd_IsRemembered_WhileMostOfItIsOnItsWay_AndForgottenByAndBy()
    {
        Assert.That(Await(told: 10, gathered: 6), Is.True);
        for (var read = 0; read < 8; read++)
        {
            _crowd.TryEnd(100);
            Assert.That(Await(told: 1, gathered: 0), Is.True);
        }

        _crowd.TryEnd(100);
        Assert.That(Await(told: 1, gathered: 0), Is.False);
    }

    [Test]
    public void WaitInVain_EndsAfterAMoment_AndIsNotTriedAgainAtOnce()
    {
        Assert.That(Await(told: 12, gathered: 0), Is.True);
        _clock.Advance(CrowdTimer.Time / 2);
        Assert.That(_crowd.TryGiveUp(_clock), Is.False);
        _clock.Advance(CrowdTimer.Time / 2);
        Assert.That(_crowd.TryGiveUp(_clock), Is.True);
        Assert.That(_crowd.TryGiveUp(_clock), Is.False);

        var reads = 1;
        while (!Await(told: 12, gathered: 0))
        {
            reads++;
        }

        Assert.That(reads, Is.EqualTo(17));
    }

    [Test]
    public void WaitInVain_ForgetsTheCrowd()
    {
        Await(told: 100, gathered: 0);
        _clock.Advance(CrowdTimer.Time);
        Assert.That(_crowd.TryGiveUp(_clock), Is.True);
        Assert.That(Enumerable.Range(0, 20).Any(_ => Await(told: 1, gathered: 0)), Is.False, "who was about is not waited for again");
    }

    private bool Await(int told, int gathered) => _crowd.TryAwait(told, gathered, _clock);
}
