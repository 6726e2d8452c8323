using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Dashboard.Recording;
using RedisResilience.Diagnostics;

namespace RedisResilience.Tests.Dashboard.Recording;

/// <summary>When it is recorded, and what.</summary>
[NonParallelizable]
internal sealed class RecorderTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly IRedisStatus _status = Mock.Of<IRedisStatus>(status =>
        status.Current == new RedisStatus { Availability = RedisAvailability.Available, CommandDeadline = TimeSpan.FromMilliseconds(250) });

    // Of the library's own name: whoever listens hears these two.
    private Meter _meter = null!;
    private Counter<long> _reads = null!;
    private Histogram<double> _commands = null!;

    [SetUp]
    public void CreateMeter()
    {
        _meter = new Meter("RedisResilience");
        _reads = _meter.CreateCounter<long>("redis_resilience.cache.reads");
        _commands = _meter.CreateHistogram<double>("db.client.operation.duration");
    }

    [TearDown]
    public void DisposeMeter() => _meter.Dispose();

    [Test]
    [Description("Loads last for some milliseconds: at the end of a second most of them are over.")]
    public void LoadsThatAreOver_AreSeenAtTheEndOfTheSecond()
    {
        var loads = 0L;
        _meter.CreateObservableUpDownCounter("redis_resilience.cache.source.loads", () => loads);
        using var recorder = new Recorder(_status, _time, always: false);
        using var watch = recorder.Watch(out _, out _);
        loads = 7;
        _time.Advance(TimeSpan.FromMilliseconds(100));
        loads = 0;
        _time.Advance(Second);
        _time.Advance(Second);
        using var again = recorder.Watch(out var seconds, out _);

        Assert.That(seconds.Select(second => second.Loads), Is.EqualTo(new[] { 0L, 7L, 0L }));
    }

    [Test]
    public void WhileNobodyLooks_NothingIsListenedTo()
    {
        using var recorder = new Recorder(_status, _time, always: false);
        Assert.That(_reads.Enabled, Is.False);

        using (recorder.Watch(out _, out _))
        {
            Assert.That(_reads.Enabled, Is.True);
        }

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.That((_reads.Enabled, recorder.IsRecording), Is.EqualTo((true, true)), "the page may only be loading again");

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That((_reads.Enabled, recorder.IsRecording), Is.EqualTo((false, false)));
    }

    [Test]
    public void Always_IsRecordedFromTheStartOn()
    {
        using var recorder = new Recorder(_status, _time, always: true);
        recorder.Start();
        _reads.Add(7, new KeyValuePair<string, object?>("outcome", "hit"));
        Advance(120);

        using var viewer = recorder.Watch(out var history, out _);

        Assert.That(
            history.SelectMany(second => second.Reads).Where(count => count.First == "hit").Sum(count => count.Times), Is.EqualTo(7));
    }

    [Test]
    public void Viewer_IsToldEachSecond()
    {
        using var recorder = new Recorder(_status, _time, always: false);
        using var viewer = recorder.Watch(out var history, out var moment);
        Assert.That(history, Has.Length.EqualTo(1));
        _reads.Add(1, new("outcome", "hit"), new("namespace", "predictions:v1"));
        _commands.Record(0.003, new KeyValuePair<string, object?>("db.operation.name", "GET"));

        Advance(1);

        Assert.That(moment.Next.IsCompletedSuccessfully, Is.True);
        var second = moment.Next.Result.Second;
        Assert.That(second.Reads, Is.EqualTo(new[] { new Count("hit", "predictions:v1", "", 1) }));
        Assert.That(second.Commands.Count, Is.EqualTo(1));
        Assert.That(second.Commands.Longest, Is.EqualTo(3).Within(0.2));
        Assert.That((second.Availability, second.Deadline), Is.EqualTo((RedisAvailability.Available, 250)));
        Assert.That(second.Time, Is.EqualTo(_time.GetUtcNow().ToUnixTimeMilliseconds()));
    }

    [Test]
    public void History_IsFiveMinutesLong()
    {
        using var recorder = new Recorder(_status, _time, always: false);
        using var first = recorder.Watch(out _, out _);
        Advance(1000);

        using var second = recorder.Watch(out var history, out var moment);

        Assert.That(history, Has.Length.EqualTo(300));
        Assert.That(history[^1], Is.SameAs(moment.Second));
        Assert.That(history[^1].Time - history[0].Time, Is.EqualTo(299_000));
    }

    [Test]
    public void Dispose_EndsTheWait()
    {
        var recorder = new Recorder(_status, _time, always: false);
        using var viewer = recorder.Watch(out _, out var moment);

        recorder.Dispose();

        Assert.That(moment.Next.IsCanceled, Is.True);
        Assert.That(_reads.Enabled, Is.False);
        Assert.That(() => recorder.Watch(out _, out _), Throws.InstanceOf<ObjectDisposedException>());
    }

    private void Advance(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            _time.Advance(Second);
        }
    }
}
