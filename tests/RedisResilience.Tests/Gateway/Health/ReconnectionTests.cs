using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Gateway.Connection;
using RedisResilience.Gateway.Health;

namespace RedisResilience.Tests.Gateway.Health;

internal sealed class ReconnectionTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Mock<IRedisConnection> _connection = new();
    private readonly List<Func<bool>> _attempts = [];
    private Reconnection _reconnection = null!;

    [SetUp]
    public void Create()
    {
        _attempts.Clear();
        _connection.Setup(connection => connection.RenewAsync(It.IsAny<Func<bool>>()))
            .Callback((Func<bool> isWanted) => _attempts.Add(isWanted)).Returns(Task.CompletedTask);
        _reconnection = new Reconnection(_connection.Object, _time);
    }

    [TearDown]
    public void Dispose() => _reconnection.Dispose();

    [Test]
    public void UnderWay_TriesAboutTwiceASecondAndNeverInStep()
    {
        _reconnection.Begin();
        var counts = Enumerable.Range(0, 100).Select(_ => Pass(TimeSpan.FromSeconds(1))).ToArray();
        Assert.That(counts, Is.All.InRange(1, 5));
        Assert.That(counts.Distinct().Count(), Is.GreaterThan(1));
    }

    [Test]
    public void FirstAttempt_LeavesTheClientTimeForItsOwn()
    {
        _reconnection.Begin();
        Assert.That(Pass(TimeSpan.FromMilliseconds(199)), Is.Zero);
        Assert.That(Pass(TimeSpan.FromMilliseconds(502)), Is.GreaterThan(0));
    }

    [Test]
    public void VeryFirstAttempt_IsAloneForASecondUnlessItFails([Values] bool fails)
    {
        _reconnection.BeginLater();
        if (fails)
        {
            _reconnection.Begin();
        }

        Assert.That(Pass(TimeSpan.FromMilliseconds(1199)), fails ? Is.GreaterThan(0) : Is.Zero);
        Assert.That(Pass(TimeSpan.FromMilliseconds(702)), Is.GreaterThan(0));
    }

    [Test]
    public void BegunTwice_IsOne()
    {
        _reconnection.Begin();
        _reconnection.Begin();
        Assert.That(Pass(TimeSpan.FromSeconds(10)), Is.InRange(14, 50));
    }

    [Test]
    public void Ended_NothingIsTriedNorWanted()
    {
        _reconnection.Begin();
        Pass(TimeSpan.FromSeconds(1));
        Assert.That(_attempts[0](), Is.True);
        _reconnection.End();
        Assert.That(_attempts[0](), Is.False);
        Assert.That(Pass(TimeSpan.FromSeconds(10)), Is.Zero);
    }

    [Test]
    public void EndedAndBegunAgain_TriesAgain()
    {
        _reconnection.Begin();
        _reconnection.End();
        Pass(TimeSpan.FromSeconds(1));
        _reconnection.Begin();
        Assert.That(Pass(TimeSpan.FromSeconds(10)), Is.InRange(14, 50));
    }

    [Test]
    public void EndedAndBegunAtOnce_IsStillOne()
    {
        _reconnection.Begin();
        _reconnection.End();
        _reconnection.Begin();
        Assert.That(Pass(TimeSpan.FromSeconds(10)), Is.InRange(14, 50));
    }

    // Millisecond by millisecond: a timer that is armed by its own callback fires once in each step.
    private int Pass(TimeSpan time)
    {
        var before = _attempts.Count;
        for (var millisecond = 0; millisecond < time.TotalMilliseconds; millisecond++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        return _attempts.Count - before;
    }
}
