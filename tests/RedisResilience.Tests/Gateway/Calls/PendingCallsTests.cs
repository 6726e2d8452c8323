using RedisResilience.Gateway.Calls;

namespace RedisResilience.Tests.Gateway.Calls;

internal sealed class PendingCallsTests
{
    private readonly TimerLog _time = new();
    private PendingCalls _calls = null!;

    [SetUp]
    public void MakeRoomForTwoCalls() => _calls = new PendingCalls(_time, capacity: 2);

    [TearDown]
    public void Dispose() => _calls.Dispose();

    [Test]
    public void CapacityReached_IsFullUntilACallEnds()
    {
        var (first, second) = (Add(100), Add(100));
        Assert.That(_calls.IsFull, Is.True);
        _calls.Remove(first);
        Assert.That(_calls.IsFull, Is.False);
        _calls.Remove(second);
        Assert.That(_calls.IsFull, Is.False);
    }

    [Test]
    public async Task LongDeadlineThenShort_EachEndsAtItsOwn()
    {
        var (slow, quick) = (Add(500), Add(100));
        Advance(99);
        Assert.That((quick.IsOver, slow.IsOver), Is.EqualTo((false, false)));
        Advance(1);
        Assert.That((quick.IsOver, slow.IsOver), Is.EqualTo((true, false)));
        Advance(399);
        Assert.That(slow.IsOver, Is.False);
        Advance(1);
        Assert.That(slow.IsOver, Is.True);
        await Task.WhenAll(quick.Told, slow.Told).WaitAsync(Patience.Limit);
    }

    [Test]
    public async Task Disposed_EndsWhoStillWaitsAndWhoComesAfter()
    {
        var before = Add(100);
        _calls.Dispose();
        var after = Add(100);
        Assert.That((before.IsOver, after.IsOver, _calls.IsFull), Is.EqualTo((true, true, false)));
        await Task.WhenAll(before.Told, after.Told).WaitAsync(Patience.Limit);
    }

    [Test]
    public void AllHaveEnded_IsToldEachTime()
    {
        Assert.That(_calls.WhenEndedAsync().IsCompleted, Is.True);
        for (var round = 0; round < 2; round++)
        {
            var (first, second) = (Add(100), Add(200));
            var ended = _calls.WhenEndedAsync();
            _calls.Remove(first);
            Assert.That(ended.IsCompleted, Is.False);
            _calls.Remove(second);
            Assert.That(ended.IsCompleted, Is.True);
        }
    }

    [Test]
    public void ShortDeadlineThenLong_TheTimerIsSetTwice()
    {
        Add(100);
        Add(500);
        Advance(100);
        Assert.That(_time.DueTimes, Is.EqualTo(new[] { TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(400) }));
    }

    [Test]
    public void PartsOfAMillisecond_AreRoundedUp()
    {
        Add(0.2);
        Assert.That(
            _time.DueTimes, Is.EqualTo(new[] { TimeSpan.FromMilliseconds(1) }), "rounded down, the timer would fire too early, and again");
    }

    [Test]
    public void DeadlineInThePast_EndsAtOnce()
    {
        var call = Add(-5);
        Advance(0);
        Assert.That(call.IsOver, Is.True);
    }

    [Test]
    public void NobodyWaits_TheTimerIsSilent()
    {
        Advance(10_000);
        Assert.That((_time.Fired, _time.DueTimes.Count), Is.EqualTo((0, 0)), "before the first call");
        var call = Add(100);
        call.TryEnd(PendingCall.Outcome.Replied);
        _calls.Remove(call);
        Advance(10_000);
        Assert.That((_time.Fired, _time.DueTimes.Count), Is.EqualTo((1, 1)), "once for the call that is gone, and not again");
    }

    [Test]
    public void ManyCallsUnderLoad_TheTimerFiresOncePerDeadline()
    {
        for (var millisecond = 0; millisecond < 1000; millisecond++)
        {
            var call = Add(100);
            Advance(1);
            call.TryEnd(PendingCall.Outcome.Replied);
            _calls.Remove(call);
        }

        Assert.That(_time.Fired, Is.InRange(9, 11));
    }

    [Test]
    public void CallEndedButNotYetRemoved_IsNotEndedAgain()
    {
        var call = Add(100);
        call.TryEnd(PendingCall.Outcome.Replied);
        Advance(100);
        Assert.That(call.Told.IsCompleted, Is.False);
        _calls.Remove(call);
        Assert.That(_calls.IsFull, Is.False);
    }

    [Test]
    public void Disposed_TheTimerIsGone()
    {
        Add(100);
        _calls.Dispose();
        Advance(100);
        Assert.That(_time.Fired, Is.Zero);
    }

    private FakeCall Add(double milliseconds)
    {
        var call = new FakeCall();
        _calls.Add(call, _time.GetTimestamp() + TimeSpan.FromMilliseconds(milliseconds).Ticks);
        return call;
    }

    private void Advance(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private sealed class FakeCall : PendingCall
    {
        private readonly TaskCompletionSource _told = new();

        public bool IsOver => Ended == Outcome.Expired;

        public Task Told => _told.Task;

        public override void Execute() => _told.SetResult();
    }
}
