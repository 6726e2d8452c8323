using RedisResilience.Diagnostics;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Recovery;
using RedisResilience.Tests.Gateway.Health;
using StackExchange.Redis;

namespace RedisResilience.Tests.Gateway.Recovery;

/// <summary>What an outage has left undone is made good before callers are sent to Redis again.</summary>
internal sealed class RecoveryTests : HealthMonitorFixture
{
    [Test]
    public void Step_RunsBeforeTheCircuitClosesAndOnceMoreAfter()
    {
        var step = new Step(() => Task.FromResult(true), () => Health.Breaker.IsClosed);
        Health.Recovery.Add(step);
        RaiseChanged();
        Assert.That(step.Seen, Is.EqualTo(new[] { false, true }));
        Assert.That(Health.Breaker.Generation, Is.EqualTo(1));
    }

    [Test]
    public void Step_RunsAgainAfterEachOutageAndNotWithEachProbe()
    {
        var step = new Step(() => Task.FromResult(true), () => Health.Breaker.IsClosed);
        Health.Recovery.Add(step);
        RaiseChanged();
        RaiseChanged();
        Assert.That(step.Seen, Has.Count.EqualTo(2));

        Time.Advance(TimeSpan.FromSeconds(20));
        Health.OnFault(Fault.Loading);
        RaiseChanged();
        Assert.That(step.Seen, Has.Count.EqualTo(4));
        Assert.That(Health.Breaker.Generation, Is.EqualTo(2));
    }

    [Test]
    public void StepThatFails_LeavesTheCircuitOpenAndIsAskedAgain([Values] bool byException)
    {
        var isGood = false;
        Health.Recovery.Add(new Step(
            () => isGood ? Task.FromResult(true) : byException ? throw new InvalidOperationException("no") : Task.FromResult(false),
            () => Health.Breaker.IsClosed));
        RaiseChanged();
        Assert.That(Health.Breaker.IsClosed, Is.False);

        isGood = true;
        Time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.That(Health.Breaker.IsClosed, Is.True);
    }

    [Test]
    public void Step_ReachesRedisAlthoughTheCircuitIsOpen()
    {
        Database.Setup(database => database.KeyDeleteAsync("key", CommandFlags.None)).Returns(Task.FromResult(true));
        var step = new Deletion();
        Health.Recovery.Add(step);
        RaiseChanged();
        Assert.That(step.Answers.Select(answer => answer.IsAnswered), Is.EqualTo(new[] { true, true }));
    }

    [Test]
    public void ServerThatComesAndGoes_IsGivenFewerChancesEachTime()
    {
        for (var turn = 0; turn < 60; turn++)
        {
            Ping = () => Task.FromResult(TimeSpan.Zero);
            Advance(TimeSpan.FromSeconds(1));
            Ping = () => Task.FromException<TimeSpan>(ConnectionFailure(ConnectionFailureType.UnableToConnect));
            Repeat(5, () => Health.OnFault(Fault.DeadlineExceeded));
            Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(Health.Breaker.Generation, Is.InRange(2, 3), "up for a second is not enough for a trial of two");
        Ping = () => Task.FromResult(TimeSpan.Zero);
        Advance(TimeSpan.FromSeconds(5));
        Assert.That(Health.Breaker.IsClosed, Is.True, "it has come back for good");
        Assert.That(Logged().Count(id => id == Log.AvailableId), Is.LessThan(5));
    }

    [Test]
    public void ServerThatSaysThatItIsAway_IsInUseWithinASecond()
    {
        for (var turn = 0; turn < 9; turn++)
        {
            Ping = () => Task.FromResult(TimeSpan.Zero);
            Advance(TimeSpan.FromSeconds(1));
            Assert.That(Health.Breaker.IsClosed, Is.True);
            Ping = () => Task.FromException<TimeSpan>(ConnectionFailure(ConnectionFailureType.UnableToConnect));
            Health.OnFault(Fault.Loading);
            Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Test]
    public void Step_RunsDuringATrialToo()
    {
        var step = new Step(() => Task.FromResult(true), () => Health.Breaker.IsClosed);
        RaiseChanged();
        Repeat(2, () =>
        {
            Health.OnFault(Fault.Loading);
            Advance(TimeSpan.FromSeconds(1));
        });
        Health.Recovery.Add(step);
        Health.OnFault(Fault.Loading);
        RaiseChanged();
        Assert.That(step.Seen, Is.Not.Empty.And.All.False, "others may be using Redis already");
        Assert.That(Health.Breaker.IsClosed, Is.False);
    }

    private void Advance(TimeSpan time)
    {
        RaiseChanged();
        for (var step = 0; step < time / TimeSpan.FromMilliseconds(20); step++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(20));
        }
    }

    private sealed class Step(Func<Task<bool>> run, Func<bool> isClosed) : IRecoveryStep
    {
        public List<bool> Seen { get; } = [];

        public async ValueTask<bool> RunAsync(IRedisGateway redis)
        {
            Seen.Add(isClosed());
            return await run();
        }
    }

    private sealed class Deletion : IRecoveryStep
    {
        public List<Answer<bool>> Answers { get; } = [];

        public async ValueTask<bool> RunAsync(IRedisGateway redis)
        {
            Answers.Add(await redis.DeleteAsync(new RedisKeyPrefix(""), "key", CancellationToken.None));
            return true;
        }
    }
}
