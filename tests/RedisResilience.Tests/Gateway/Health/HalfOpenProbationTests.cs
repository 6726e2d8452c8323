using Microsoft.Extensions.Time.Testing;
using RedisResilience.Gateway.Health;

namespace RedisResilience.Tests.Gateway.Health;

internal sealed class HalfOpenProbationTests
{
    private readonly FakeTimeProvider _time = new();
    private HalfOpenProbation _probation = null!;

    [SetUp]
    public void MakeTrial() => _probation = new HalfOpenProbation(_time);

    [Test]
    public void NeverInUseYet_IsPassedAtOnce()
    {
        _probation.Open(wasWaitedFor: true);
        Assert.That(_probation.Pass(), Is.True);
    }

    [Test]
    public void FirstOutageOfAll_IsPassedAtOnce()
    {
        UseFor(TimeSpan.FromMilliseconds(1));
        Assert.That(_probation.Pass(), Is.True);
    }

    [Test]
    public void OutageAfterALongTime_IsPassedAtOnce()
    {
        UseFor(TimeSpan.FromSeconds(1));
        UseFor(TimeSpan.FromSeconds(11));
        Assert.That(_probation.Pass(), Is.True);
    }

    [Test]
    public void Relapses_TakeLongerEachTime()
    {
        UseFor(TimeSpan.FromSeconds(1));
        var lengths = Enumerable.Range(0, 9).Select(_ =>
        {
            UseFor(TimeSpan.FromSeconds(1));
            return LengthInSeconds();
        }).ToArray();
        var full = new[] { 1, 2, 4, 8, 16, 32, 60, 60, 60 };
        Assert.That(lengths.Select(
            (length, relapse) => length >= full[relapse] * 0.5 && length <= full[relapse] + 0.1), Is.All.True, string.Join(", ", lengths));
    }

    [Test]
    public void RelapsesOfWhichCallersAreToldAtOnce_TakeHalfASecond()
    {
        UseFor(TimeSpan.FromSeconds(1), wasWaitedFor: false);
        for (var relapse = 0; relapse < 9; relapse++)
        {
            UseFor(TimeSpan.FromSeconds(1), wasWaitedFor: false);
            Assert.That(LengthInSeconds(), Is.InRange(0.25, 0.51));
        }

        UseFor(TimeSpan.FromSeconds(1));
        Assert.That(LengthInSeconds(), Is.InRange(0.5, 1.01), "the first for which callers have waited");
    }

    [Test]
    public void GapInTheTrial_BeginsItAnew()
    {
        UseFor(TimeSpan.FromSeconds(1));
        UseFor(TimeSpan.FromSeconds(1));
        _probation.Pass();
        _time.Advance(TimeSpan.FromMilliseconds(400));
        _probation.Fail();
        _probation.Pass();
        _time.Advance(TimeSpan.FromMilliseconds(400));
        Assert.That(_probation.Pass(), Is.False, "half a second at least, without a gap");
        _time.Advance(TimeSpan.FromMilliseconds(600));
        Assert.That(_probation.Pass(), Is.True);
    }

    [Test]
    public void InUseForTenTrials_IsForgiven()
    {
        UseFor(TimeSpan.FromSeconds(1));
        UseFor(TimeSpan.FromSeconds(1));
        UseFor(TimeSpan.FromSeconds(1));
        Assert.That(LengthInSeconds(), Is.GreaterThan(0.9));
        UseFor(TimeSpan.FromSeconds(20));
        Assert.That(_probation.Pass(), Is.True);
    }

    [Test]
    public void Trials_DifferFromProcessToProcess()
    {
        var lengths = Enumerable.Range(0, 50).Select(_ =>
        {
            MakeTrial();
            UseFor(TimeSpan.FromSeconds(1));
            UseFor(TimeSpan.FromSeconds(1));
            return LengthInSeconds();
        });
        Assert.That(lengths.Distinct().Count(), Is.GreaterThan(10));
    }

    private void UseFor(TimeSpan time, bool wasWaitedFor = true)
    {
        _probation.Close();
        _time.Advance(time);
        _probation.Open(wasWaitedFor);
    }

    private double LengthInSeconds()
    {
        var began = _time.GetTimestamp();
        while (!_probation.Pass())
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        return _time.GetElapsedTime(began).TotalSeconds;
    }
}
