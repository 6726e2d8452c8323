using Microsoft.Extensions.Time.Testing;
using RedisResilience.RateLimiting.Local;

namespace RedisResilience.Tests.RateLimiting.Local;

internal sealed class LocalClockTests
{
    [Test]
    public void Lately_IsNeverAheadAndGoesOn()
    {
        var clock = new LocalClock(TimeProvider.System);
        var first = clock.Lately;
        Parallel.For(0, 4, _ =>
        {
            for (var look = 0; look < 100_000; look++)
            {
                Assert.That(clock.Lately, Is.LessThanOrEqualTo(clock.Now));
            }
        });
        Assert.That(() => clock.Lately, Is.GreaterThan(first).After(5000, 1));
    }

    [Test]
    public void NowForWhatIsNear_IsExact()
    {
        var clock = new LocalClock(TimeProvider.System);
        for (var look = 0; look < 1000; look++)
        {
            var before = clock.Now;
            Assert.That(clock.NowFor(before), Is.InRange(before, clock.Now));
        }
    }

    // Of a bucket's batch it is never certain that all of it is counted: that time lies before all others (P4).
    [Test]
    public void NowForWhatLiesBeforeAllTime_IsExact()
    {
        var clock = new LocalClock(TimeProvider.System);
        for (var look = 0; look < 1000; look++)
        {
            var before = clock.Now;
            Assert.That(clock.NowFor(long.MinValue), Is.InRange(before, clock.Now));
        }
    }

    [Test]
    public void OnATestsClock_AllIsExact()
    {
        var time = new FakeTimeProvider();
        var clock = new LocalClock(time);
        var start = clock.Lately;
        time.Advance(TimeSpan.FromTicks(1));
        Assert.That(clock.Lately, Is.EqualTo(clock.Now));
        Assert.That(clock.Between(start, clock.NowFor(long.MaxValue)), Is.EqualTo(TimeSpan.FromTicks(1)));
    }
}
