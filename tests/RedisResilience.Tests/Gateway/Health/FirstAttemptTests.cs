using Microsoft.Extensions.Time.Testing;
using RedisResilience.Gateway.Health;

namespace RedisResilience.Tests.Gateway.Health;

internal sealed class FirstAttemptTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new();
    private FirstAttempt _attempt = null!;

    [SetUp]
    public void Create() => _attempt = new FirstAttempt(Deadline, _time);

    [TearDown]
    public void Dispose() => _attempt.Dispose();

    [Test]
    public void StartThatTakesLong_LeavesTheFirstCallItsWholeDeadline()
    {
        _time.Advance(10 * Deadline);
        Assert.That(_attempt.IsUnderWay, Is.True, "nobody has waited yet");

        var call = _attempt.WaitAsync(CancellationToken.None);
        _time.Advance(Deadline / 2);
        Assert.That(call.IsCompleted, Is.False);
        _time.Advance(Deadline / 2);
        Assert.That((call.IsCompletedSuccessfully, _attempt.IsUnderWay), Is.EqualTo((true, false)));
    }

    [Test]
    public void CallsThatComeLater_WaitForNoDeadlineOfTheirOwn()
    {
        _ = _attempt.WaitAsync(CancellationToken.None);
        _time.Advance(Deadline * 0.9);
        var later = _attempt.WaitAsync(CancellationToken.None);
        _time.Advance(Deadline * 0.1);
        Assert.That(later.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    public void Outcome_EndsTheWaitAndThoseThatCome([Values] bool isAwaited)
    {
        var call = isAwaited ? _attempt.WaitAsync(CancellationToken.None) : null;
        _attempt.End();
        Assert.That(call?.IsCompletedSuccessfully, Is.Not.EqualTo(false));
        Assert.That(_attempt.WaitAsync(CancellationToken.None).IsCompletedSuccessfully, Is.True);
    }

    [Test]
    public void CallerWhoGoes_LeavesTheOthersWaiting()
    {
        using var source = new CancellationTokenSource();
        var other = _attempt.WaitAsync(CancellationToken.None);
        var gone = _attempt.WaitAsync(source.Token);
        source.Cancel();
        Assert.That((gone.IsCanceled, other.IsCompleted), Is.EqualTo((true, false)));
    }
}
