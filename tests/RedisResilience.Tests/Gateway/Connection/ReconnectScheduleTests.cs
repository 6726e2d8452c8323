using RedisResilience.Gateway.Connection;

namespace RedisResilience.Tests.Gateway.Connection;

internal sealed class ReconnectScheduleTests
{
    private const int Rolls = 2000;

    [TestCase(0, 100)]
    [TestCase(1, 200)]
    [TestCase(2, 400)]
    [TestCase(3, 500)]
    [TestCase(8, 500)]
    [TestCase(60, 500)]
    [TestCase(long.MaxValue, 500)]
    public void Attempt_WaitsARandomPartOfItsSpan(long attempt, int span)
    {
        var waits = Enumerable.Range(0, Rolls).Select(_ => WaitOf(new ReconnectSchedule(), attempt)).ToArray();
        Assert.That(waits.Max(), Is.LessThanOrEqualTo(span).And.GreaterThan(span * 0.9));
        Assert.That(waits.Min(), Is.LessThan(span * 0.1));
    }

    [Test]
    public void AskedAgainAndAgain_TheDiceAreRolledOnceAnAttempt()
    {
        var schedule = new ReconnectSchedule();
        var wait = WaitOf(schedule, attempt: 3);
        Assert.That(Enumerable.Range(0, Rolls).Select(_ => WaitOf(schedule, attempt: 3)), Is.All.EqualTo(wait));
    }

    [Test]
    public void NextAttempt_RollsAnew()
    {
        var schedule = new ReconnectSchedule();
        Assert.That(Enumerable.Range(3, 100).Select(attempt => WaitOf(schedule, attempt)).Distinct().Count(), Is.GreaterThan(10));
    }

    private static int WaitOf(ReconnectSchedule schedule, long attempt) =>
        Enumerable.Range(0, 1001).First(elapsed => schedule.ShouldRetry(attempt, elapsed));
}
