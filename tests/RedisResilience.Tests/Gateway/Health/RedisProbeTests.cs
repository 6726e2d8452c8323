using RedisResilience.Gateway.Health;

namespace RedisResilience.Tests.Gateway.Health;

internal sealed class RedisProbeTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly TimerLog _time = new();
    private Func<Task<ProbeResult>> _ask = () => Task.FromResult(ProbeResult.InUse);
    private int _asked;
    private RedisProbe _probe = null!;

    [SetUp]
    public void MakeProbe() => _probe = new RedisProbe(
        () =>
        {
            _asked++;
            return _ask();
        },
        Interval,
        _time);

    [TearDown]
    public void Dispose() => _probe.Dispose();

    [Test]
    public void NotRequested_IsSilent()
    {
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(_asked, Is.Zero);
    }

    [Test]
    public void Up_AsksOnceAnInterval()
    {
        Request();
        Assert.That(_asked, Is.EqualTo(1));
        _time.Advance(Interval - TimeSpan.FromMilliseconds(1));
        Assert.That(_asked, Is.EqualTo(1));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(_asked, Is.EqualTo(2));
        for (var second = 0; second < 10; second++)
        {
            _time.Advance(Interval);
        }

        Assert.That(_asked, Is.EqualTo(12));
    }

    [Test]
    public void QuestionThatThrows_IsNotTheLast()
    {
        _ask = () => throw new InvalidOperationException("the first");
        Request();
        _ask = () => Task.FromResult(ProbeResult.InUse);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.That(_asked, Is.GreaterThan(1));
    }

    [Test]
    public void Requested_AsksAtOnce()
    {
        Request();
        Request();
        Assert.That(_asked, Is.EqualTo(2));
    }

    [Test]
    public void Down_AsksOftenThenLessOften()
    {
        _ask = () => Task.FromResult(ProbeResult.Away);
        var spans = new[] { 50, 100, 200, 400, 500, 500, 500 };
        var waits = RunForWaits(spans.Length);
        Assert.That(
            waits.Select((wait, attempt) => wait >= spans[attempt] * 0.5 && wait <= spans[attempt]), Is.All.True, string.Join(", ", waits));
    }

    [Test]
    public void OnTrial_AsksOften()
    {
        _ask = () => Task.FromResult(ProbeResult.OnTrial);
        Assert.That(RunForWaits(7), Is.All.InRange(50, 100));
    }

    [Test]
    public void Down_TheWaitsDifferFromProcessToProcess()
    {
        _ask = () => Task.FromResult(ProbeResult.Away);
        Assert.That(RunForWaits(200).Skip(5).Distinct().Count(), Is.GreaterThan(100));
    }

    [Test]
    public void UpAgain_TheNextOutageStartsWithTheShortestWait()
    {
        _ask = () => Task.FromResult(ProbeResult.Away);
        RunForWaits(6);
        _ask = () => Task.FromResult(ProbeResult.InUse);
        Request();
        _ask = () => Task.FromResult(ProbeResult.Away);
        Assert.That(RunForWaits(1).Single(), Is.InRange(25, 50));
    }

    [Test]
    public void RequestedWhileAsking_AsksAgainRightAfterAndNeverTwiceAtOnce()
    {
        var answer = new TaskCompletionSource<ProbeResult>();
        _ask = () => answer.Task;
        Request();
        Request();
        Request();
        Assert.That(_asked, Is.EqualTo(1));
        _ask = () => Task.FromResult(ProbeResult.InUse);
        Inline.Run(() => answer.SetResult(ProbeResult.InUse));
        _time.Advance(TimeSpan.FromMilliseconds(5));
        Assert.That(_asked, Is.EqualTo(2), "once for all that came meanwhile");
        _time.Advance(Interval);
        Assert.That(_asked, Is.EqualTo(3));
    }

    [Test]
    public void Disposed_AsksNoMore()
    {
        Request();
        _probe.Dispose();
        Request();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(_asked, Is.EqualTo(1));
    }

    [Test]
    public void DisposedWhileAsking_AsksNoMore()
    {
        var answer = new TaskCompletionSource<ProbeResult>();
        _ask = () => answer.Task;
        Request();
        Request();
        _probe.Dispose();
        Inline.Run(() => answer.SetResult(ProbeResult.Away));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(_asked, Is.EqualTo(1));
    }

    private void Request()
    {
        _probe.Request();
        _time.Advance(TimeSpan.Zero);
    }

    private double[] RunForWaits(int count)
    {
        _time.DueTimes.Clear();
        Request();
        while (_time.DueTimes.Count < count + 1)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        // The first is the request itself.
        return _time.DueTimes.Skip(1).Take(count).Select(wait => wait.TotalMilliseconds).ToArray();
    }
}
