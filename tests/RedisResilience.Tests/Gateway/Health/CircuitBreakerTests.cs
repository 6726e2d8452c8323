using RedisResilience.Gateway;
using RedisResilience.Gateway.Health;

namespace RedisResilience.Tests.Gateway.Health;

internal sealed class CircuitBreakerTests
{
    private readonly CircuitBreaker _breaker = new();

    [Test]
    public void New_IsOpenForNoKnownReason() => Assert.That((_breaker.IsClosed, _breaker.Reason), Is.EqualTo((false, Fault.None)));

    [Test]
    public void OpenedBeforeItWasEverClosed_IsNewsOnce()
    {
        Assert.That(_breaker.TryOpen(Fault.ConnectionRefused), Is.True, "the first reason is news");
        Assert.That(_breaker.TryOpen(Fault.ConnectionLost), Is.False, "open already");
        Assert.That((_breaker.IsClosed, _breaker.Reason), Is.EqualTo((false, Fault.ConnectionRefused)));
    }

    [Test]
    public void Closed_IsNewsOnceAndHasNoReason()
    {
        _breaker.TryOpen(Fault.Loading);
        Assert.That(_breaker.TryClose(), Is.True);
        Assert.That(_breaker.TryClose(), Is.False);
        Assert.That((_breaker.IsClosed, _breaker.Reason), Is.EqualTo((true, Fault.None)));
    }

    [Test]
    public void OpenedAfterClosed_IsNewsAgain()
    {
        _breaker.TryClose();
        Assert.That(_breaker.TryOpen(Fault.Busy), Is.True);
        Assert.That((_breaker.IsClosed, _breaker.Reason), Is.EqualTo((false, Fault.Busy)));
    }

    [Test]
    public void FifthMissInARow_IsTheOneThatCounts() =>
        Assert.That(Misses(6), Is.EqualTo(new[] { false, false, false, false, true, true }));

    [Test]
    public void AnswerBetweenMisses_StartsTheCountAnew()
    {
        Misses(4);
        _breaker.RecordAnswer();
        Assert.That(Misses(5), Is.EqualTo(new[] { false, false, false, false, true }));
    }

    [Test]
    public void Closing_StartsTheCountAnew()
    {
        Misses(5);
        _breaker.TryOpen(Fault.DeadlineExceeded);
        _breaker.TryClose();
        Assert.That(Misses(5), Is.EqualTo(new[] { false, false, false, false, true }));
    }

    [Test]
    public void WaitUntilClosed_EndsWhenItCloses()
    {
        var waiting = _breaker.WaitUntilClosedAsync();
        _breaker.TryOpen(Fault.ConnectionRefused);
        Assert.That(waiting.IsCompleted, Is.False);
        _breaker.TryClose();
        Assert.That(waiting.IsCompletedSuccessfully, Is.True);
        Assert.That(_breaker.WaitUntilClosedAsync().IsCompletedSuccessfully, Is.True, "closed already");
    }

    [Test]
    public void WaitAfterItOpenedAgain_WaitsForTheNextTime()
    {
        _breaker.TryClose();
        _breaker.TryOpen(Fault.ConnectionLost);
        var waiting = _breaker.WaitUntilClosedAsync();
        Assert.That(waiting.IsCompleted, Is.False);
        _breaker.TryClose();
        Assert.That(waiting.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    public void OpenedAndClosedFromManyThreads_EveryChangeIsNewsToExactlyOne()
    {
        var (opened, closed) = (0, 0);
        _breaker.TryOpen(Fault.ConnectionRefused);
        Parallel.For(0, 10_000, turn =>
        {
            if (turn % 2 == 0 && _breaker.TryClose())
            {
                Interlocked.Increment(ref closed);
            }
            else if (turn % 2 == 1 && _breaker.TryOpen(Fault.ConnectionLost))
            {
                Interlocked.Increment(ref opened);
            }
        });
        Assert.That(closed - opened, Is.EqualTo(_breaker.IsClosed ? 1 : 0));
    }

    private bool[] Misses(int count) => Enumerable.Range(0, count).Select(_ => _breaker.RecordMiss()).ToArray();

    [Test]
    public void Explain_IsNewsOnceForEachOpening()
    {
        var breaker = new CircuitBreaker();
        for (var outage = 0; outage < 2; outage++)
        {
            breaker.TryOpen(Fault.ConnectionFailed);
            Assert.That(breaker.Explain(Fault.HostNotFound), Is.True);
            Assert.That(breaker.Explain(Fault.ConnectionFailed), Is.False);
            Assert.That(breaker.Explain(Fault.HostNotFound), Is.False);
            Assert.That(breaker.Reason, Is.EqualTo(Fault.HostNotFound));
            breaker.TryClose();
        }
    }

    [TestCase("ConnectionFailed", "ConnectionRefused", true)]
    [TestCase("ConnectionLost", "CertificateExpired", true)]
    [TestCase("ConnectionLost", "ConnectionRefused", false)]
    [TestCase("DeadlineExceeded", "ConnectionLost", false)]
    public void Explain_IsNewsWhereOnlyTheEndOfTheConnectionWasKnown(string known, string reason, bool isNews)
    {
        var breaker = new CircuitBreaker();
        breaker.TryOpen(Enum.Parse<Fault>(known));
        Assert.That(breaker.Explain(Enum.Parse<Fault>(reason)), Is.EqualTo(isNews));
    }
}
