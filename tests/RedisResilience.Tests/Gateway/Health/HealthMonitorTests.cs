using Moq;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;
using StackExchange.Redis;

namespace RedisResilience.Tests.Gateway.Health;

internal sealed class HealthMonitorTests : HealthMonitorFixture
{
    [Test]
    public void FirstPingAnswered_ClosesAndSaysSoOnce()
    {
        Assert.That(Health.Breaker.IsClosed, Is.False);
        RaiseChanged();
        RaiseChanged();
        Assert.That(Health.Breaker.IsClosed, Is.True);
        Assert.That(Logged(), Is.EqualTo(new[] { Log.AvailableId }));
    }

    [Test]
    public void NothingListens_OpensSaysSoOnceAndComesBackByItself()
    {
        Ping = () => Task.FromException<TimeSpan>(ConnectionFailure(ConnectionFailureType.UnableToConnect));
        RaiseChanged();
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.That((Health.Breaker.IsClosed, Health.Breaker.Reason), Is.EqualTo((false, Fault.ConnectionFailed)));
        Assert.That(Logged(), Is.EqualTo(new[] { Log.UnavailableId }));

        Ping = () => Task.FromResult(TimeSpan.Zero);
        Time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.That(Health.Breaker.IsClosed, Is.True);
        Assert.That(Logged(), Is.EqualTo(new[] { Log.UnavailableId, Log.AvailableId }));
    }

    [Test]
    public async Task DisposedWhileAProbeIsUnderWay_StaysOpenAndSaysNothing()
    {
        var answer = new TaskCompletionSource<TimeSpan>();
        Ping = () => answer.Task;
        RaiseChanged();
        Health.Dispose();
        Ping = () => Task.FromResult(TimeSpan.Zero);

        // On the pool the rest of the probe runs within this call: when it returns, the probe has ended.
        await Task.Run(() => answer.SetResult(TimeSpan.Zero));
        Assert.That((Health.Breaker.IsClosed, Health.Breaker.Reason), Is.EqualTo((false, Fault.GatewayDisposed)));
        Assert.That(Logged(), Is.Empty);
    }

    [Test]
    public void FiveMissesInARow_OpenWithoutWaitingForTheProbe()
    {
        RaiseChanged();
        Ping = Never;
        Repeat(4, () => Health.OnFault(Fault.DeadlineExceeded));
        Assert.That(Health.Breaker.IsClosed, Is.True);
        Health.OnFault(Fault.DeadlineExceeded);
        Assert.That((Health.Breaker.IsClosed, Health.Breaker.Reason), Is.EqualTo((false, Fault.DeadlineExceeded)));
    }

    [Test]
    public void OneMissAndASilentPing_Open()
    {
        RaiseChanged();
        Ping = Never;
        Health.OnFault(Fault.DeadlineExceeded);
        Assert.That(Health.Breaker.IsClosed, Is.True);
        Time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.That(SpinWait.SpinUntil(() => !Health.Breaker.IsClosed, Patience.Limit), Is.True);
    }

    [Test]
    public void OneMissAndAPromptPing_StayClosed()
    {
        RaiseChanged();
        Health.OnFault(Fault.DeadlineExceeded);
        Time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(Health.Breaker.IsClosed, Is.True);
        Assert.That(Logged(), Is.EqualTo(new[] { Log.AvailableId }));
    }

    [TestCase(Fault.ConnectionRefused)]
    [TestCase(Fault.ConnectionLost)]
    [TestCase(Fault.AuthenticationFailed)]
    [TestCase(Fault.Loading)]
    [TestCase(Fault.TooManyClients)]
    public void FaultOfTheWholeServer_OpensAtOnce(object fault)
    {
        RaiseChanged();
        Ping = Never;
        Connection.SetupGet(connection => connection.IsConnected).Returns(false);
        Health.OnFault((Fault)fault);
        Assert.That((Health.Breaker.IsClosed, Health.Breaker.Reason), Is.EqualTo((false, fault)));
    }

    [Test]
    public void ConnectionLost_OpensAtOnceBeforeAnyCallFails()
    {
        RaiseChanged();
        Ping = Never;
        Connection.SetupGet(connection => connection.IsConnected).Returns(false);
        Connection.Raise(connection => connection.Lost += null);
        Assert.That((Health.Breaker.IsClosed, Health.Breaker.Reason), Is.EqualTo((false, Fault.ConnectionLost)));
    }

    [Test]
    public void OneOfSeveralEndpointsLost_TheProbeDecides()
    {
        RaiseChanged();
        Connection.Raise(connection => connection.Lost += null);
        Time.Advance(TimeSpan.Zero);
        Assert.That(Health.Breaker.IsClosed, Is.True);
        Database.Verify(database => database.PingAsync(CommandFlags.None), Times.Exactly(2), "one to close, one more because of the loss");
    }

    [TestCase(Fault.Loading)]
    [TestCase(Fault.Busy)]
    [TestCase(Fault.ConnectionLost)]
    public void OneServerOfACluster_TheProbeAsksTheOthers(object fault)
    {
        Connection.SetupGet(connection => connection.IsCluster).Returns(true);
        RaiseChanged();
        var asked = 0;
        Ping = () => ++asked % 3 == 0
            ? Task.FromResult(TimeSpan.Zero)
            : Task.FromException<TimeSpan>(ConnectionFailure(ConnectionFailureType.UnableToConnect));
        Health.OnFault((Fault)fault);
        Time.Advance(TimeSpan.Zero);
        Assert.That((Health.Breaker.IsClosed, asked), Is.EqualTo((true, 3)));
    }

    [Test]
    public void ReadOnly_LooksForThePrimary()
    {
        RaiseChanged();
        Health.OnFault(Fault.OutOfMemory);
        Connection.Verify(connection => connection.Refresh(), Times.Never);
        Health.OnFault(Fault.ReadOnly);
        Connection.Verify(connection => connection.Refresh(), Times.Once);
        Assert.That(Health.Breaker.IsClosed, Is.True);
    }

    [Test]
    public void MissesOfHurriedCalls_DoNotCount()
    {
        RaiseChanged();
        Ping = Never;
        Repeat(10, () => Health.Admit(default, hasPartialDeadline: true)!.OnFault(Fault.DeadlineExceeded));
        Assert.That(Health.Breaker.IsClosed, Is.True);
        Health.Admit(default, hasPartialDeadline: true)!.OnFault(Fault.AuthenticationFailed);
        Assert.That(Health.Breaker.IsClosed, Is.False);
    }

    [Test]
    public void FarServer_IsJudgedByThePingAfterTheGreetingAndReportedAsFar()
    {
        Greeting = () =>
        {
            Time.Advance(TimeSpan.FromMilliseconds(900));
            return Task.FromException<RespResult>(new RedisServerException(RedisErrorKind.NoPermission, CommandFlags.None, "NOPERM"));
        };
        Ping = () =>
        {
            Time.Advance(TimeSpan.FromMilliseconds(200));
            return Task.FromResult(TimeSpan.Zero);
        };
        RaiseChanged();
        Assert.That(Health.Breaker.IsClosed, Is.True);
        Assert.That(
            Health.Deadline.RoundTrip, Is.EqualTo(TimeSpan.FromMilliseconds(200)), "the greeting also waited for the server to wake up");
        Assert.That(Health.Deadline.Current, Is.EqualTo(TimeSpan.FromMilliseconds(600)));
        Assert.That(Logged(), Is.EqualTo(new[] { Log.FarId }));
    }

    [TestCase(false, 2)]
    [TestCase(true, 3)]
    public void ServerThatAnswers_IsInUseAfterSoManyRoundTrips(bool isCluster, int expected)
    {
        var (roundTrips, greet, ping) = (0, Greeting, Ping);
        Greeting = () => Count(greet);
        Ping = () => Count(ping);
        Connection.SetupGet(connection => connection.IsCluster).Returns(isCluster);

        RaiseChanged();

        Assert.That((Health.Breaker.IsClosed, roundTrips), Is.EqualTo((true, expected)), "the first callers wait for them");

        Task<T> Count<T>(Func<Task<T>> answer)
        {
            roundTrips++;
            return answer();
        }
    }

    [Test]
    public void ServerThatAnswersPingsAndNoScript_StaysOut()
    {
        Greeting = () => new TaskCompletionSource<RespResult>().Task;
        RaiseChanged();
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(SpinWait.SpinUntil(() => Health.Breaker.Reason != Fault.None, Patience.Limit), Is.True);
        Assert.That((Health.Breaker.IsClosed, Health.Breaker.Reason), Is.EqualTo((false, Fault.DeadlineExceeded)));
    }

    [Test]
    public void Disposed_IsOpenAndSaysNothing()
    {
        RaiseChanged();
        Health.Dispose();
        Assert.That((Health.Breaker.IsClosed, Health.Breaker.Reason), Is.EqualTo((false, Fault.GatewayDisposed)));
        Assert.That(Logged(), Is.EqualTo(new[] { Log.AvailableId }));
    }

    [Test]
    public void SilentServer_IsConnectedToAnew()
    {
        RaiseChanged();
        Health.OnFault(Fault.ConnectionLost);
        Ping = () => Task.FromException<TimeSpan>(ConnectionFailure(ConnectionFailureType.UnableToConnect));
        RaiseChanged();
        Repeat(10, () => Time.Advance(TimeSpan.FromMilliseconds(100)));
        Connection.Verify(connection => connection.RenewAsync(It.IsAny<Func<bool>>()), Times.AtLeastOnce);
    }

    [Test]
    public void ServerThatSaysWhy_IsLeftToTheClient()
    {
        RaiseChanged();
        Health.OnFault(Fault.AuthenticationFailed);
        Ping = () => Task.FromException<TimeSpan>(new RedisServerException(RedisErrorKind.NoAuth, CommandFlags.None, "NOAUTH"));
        RaiseChanged();
        Connection.Invocations.Clear();
        Repeat(20, () => Time.Advance(TimeSpan.FromMilliseconds(100)));
        Connection.Verify(connection => connection.RenewAsync(It.IsAny<Func<bool>>()), Times.Never);
    }
}
