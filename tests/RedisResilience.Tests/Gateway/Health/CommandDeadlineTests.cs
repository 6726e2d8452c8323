using RedisResilience.Gateway.Health;

namespace RedisResilience.Tests.Gateway.Health;

internal sealed class CommandDeadlineTests
{
    private readonly CommandDeadline _deadline = new(
        new RedisResilienceOptions().CommandDeadline, new RedisResilienceOptions().MaximumCommandDeadline);

    [Test]
    public void NothingMeasured_IsTheConfiguredOne()
    {
        Assert.That(_deadline.Current, Is.EqualTo(TimeSpan.FromMilliseconds(250)));
        Assert.That(_deadline.Maximum, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That((_deadline.RoundTrip, _deadline.IsFar), Is.EqualTo(((TimeSpan?)null, false)));
    }

    [TestCase(0, 250, false)]
    [TestCase(1, 250, false)]
    [TestCase(83, 250, false)]
    [TestCase(84, 252, true)]
    [TestCase(200, 600, true)]
    [TestCase(333, 999, true)]
    [TestCase(334, 1000, true, Description = "never more than the maximum")]
    [TestCase(5000, 1000, true)]
    public void FirstRoundTrip_CountsInFullAndThreeTimes(int roundTrip, int deadline, bool isFar)
    {
        _deadline.Observe(TimeSpan.FromMilliseconds(roundTrip));
        Assert.That(_deadline.RoundTrip, Is.EqualTo(TimeSpan.FromMilliseconds(roundTrip)));
        Assert.That(_deadline.Current, Is.EqualTo(TimeSpan.FromMilliseconds(deadline)));
        Assert.That(_deadline.IsFar, Is.EqualTo(isFar));
    }

    [Test]
    public void LaterRoundTrips_CountAnEighth()
    {
        _deadline.Observe(TimeSpan.FromMilliseconds(100));
        _deadline.Observe(TimeSpan.FromMilliseconds(900));
        Assert.That(_deadline.RoundTrip, Is.EqualTo(TimeSpan.FromMilliseconds(200)), "100 + (900 - 100) / 8");
        Assert.That(_deadline.Current, Is.EqualTo(TimeSpan.FromMilliseconds(600)));
    }

    [Test]
    public void RedisComesNearer_TheDeadlineComesBack()
    {
        _deadline.Observe(TimeSpan.FromMilliseconds(300));
        for (var measurement = 0; measurement < 100; measurement++)
        {
            _deadline.Observe(TimeSpan.FromMilliseconds(1));
        }

        Assert.That(_deadline.Current, Is.EqualTo(TimeSpan.FromMilliseconds(250)));
        Assert.That(_deadline.IsFar, Is.False);
        Assert.That(_deadline.RoundTrip!.Value.TotalMilliseconds, Is.EqualTo(1).Within(0.01));
    }

    [Test]
    public void LeastEqualToMost_IsFixed()
    {
        var fixedDeadline = new CommandDeadline(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100));
        fixedDeadline.Observe(TimeSpan.FromSeconds(2));
        Assert.That(fixedDeadline.IsFar, Is.False, "it has not grown");
        Assert.That(fixedDeadline.Current, Is.EqualTo(TimeSpan.FromMilliseconds(100)));
    }
}
