using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Calls;
using RedisResilience.Gateway.Connection;
using RedisResilience.Gateway.Health;
using StackExchange.Redis;

namespace RedisResilience.Tests.Gateway.Health;

internal sealed class HealthMonitorTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogger _logger = new();
    private readonly Mock<IRedisConnection> _connection = new();
    private readonly Mock<IDatabase> _database = new();
    private Func<Task<TimeSpan>> _ping = () => Task.FromResult(TimeSpan.Zero);

    // A server without scripts is there too, and a reply of the client's cannot be made here.
    private readonly Func<Task<RespResult>> _greet = () => Task.FromException<RespResult>(new RedisServerException(RedisErrorKind.NoPermission, CommandFlags.None, "NOPERM"));
    private CommandSender _sender = null!;
    private HealthMonitor _health = null!;

    [SetUp]
    public void Connect()
    {
        _database.Setup(database => database.PingAsync(CommandFlags.None)).Returns(() => _ping());
        _database.Setup(database => database.ScriptEvaluateRespAsync(
                It.IsAny<string>(), It.IsAny<ReadOnlyMemory<RedisKey>>(), It.IsAny<ReadOnlyMemory<RedisValue>>(), CommandFlags.None))
            .Returns(() => _greet());
        _connection.SetupGet(connection => connection.Database).Returns(_database.Object);
        _connection.SetupGet(connection => connection.IsConnected).Returns(true);
        _sender = new CommandSender(_connection.Object, _time);
        var journal = new GatewayJournal(_logger, ConfigurationOptions.Parse("cache:6379").EndPoints);
        _health = new HealthMonitor(_sender, _connection.Object, journal, new RedisResilienceOptions(), _time);
    }

    [TearDown]
    public void Dispose()
    {
        _health.Dispose();
        _sender.Dispose();
    }

    [Test]
    public void FirstPingAnswered_ClosesAndSaysSoOnce()
    {
        Assert.That(_health.Breaker.IsClosed, Is.False);
        RaiseChanged();
        RaiseChanged();
        Assert.That(_health.Breaker.IsClosed, Is.True);
        Assert.That(Logged(), Is.EqualTo(new[] { Log.AvailableId }));
    }

    [Test]
    public void NothingListens_OpensSaysSoOnceAndComesBackByItself()
    {
        _ping = () => Task.FromException<TimeSpan>(ConnectionFailure(ConnectionFailureType.UnableToConnect));
        RaiseChanged();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That((_health.Breaker.IsClosed, _health.Breaker.Reason), Is.EqualTo((false, Fault.ConnectionFailed)));
        Assert.That(Logged(), Is.EqualTo(new[] { Log.UnavailableId }));

        _ping = () => Task.FromResult(TimeSpan.Zero);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.That(_health.Breaker.IsClosed, Is.True);
        Assert.That(Logged(), Is.EqualTo(new[] { Log.UnavailableId, Log.AvailableId }));
    }

    [Test]
    public void FiveMissesInARow_OpenWithoutWaitingForTheProbe()
    {
        RaiseChanged();
        _ping = Never;
        Repeat(4, () => _health.OnFault(Fault.DeadlineExceeded));
        Assert.That(_health.Breaker.IsClosed, Is.True);
        _health.OnFault(Fault.DeadlineExceeded);
        Assert.That((_health.Breaker.IsClosed, _health.Breaker.Reason), Is.EqualTo((false, Fault.DeadlineExceeded)));
    }

    [Test]
    public void OneMissAndASilentPing_Open()
    {
        RaiseChanged();
        _ping = Never;
        _health.OnFault(Fault.DeadlineExceeded);
        Assert.That(_health.Breaker.IsClosed, Is.True);
        _time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.That(SpinWait.SpinUntil(() => !_health.Breaker.IsClosed, Patience.Limit), Is.True);
    }

    [Test]
    public void OneMissAndAPromptPing_StayClosed()
    {
        RaiseChanged();
        _health.OnFault(Fault.DeadlineExceeded);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(_health.Breaker.IsClosed, Is.True);
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
        _ping = Never;
        _connection.SetupGet(connection => connection.IsConnected).Returns(false);
        _health.OnFault((Fault)fault);
        Assert.That((_health.Breaker.IsClosed, _health.Breaker.Reason), Is.EqualTo((false, fault)));
    }

    [Test]
    public void ConnectionLost_OpensAtOnceBeforeAnyCallFails()
    {
        RaiseChanged();
        _ping = Never;
        _connection.SetupGet(connection => connection.IsConnected).Returns(false);
        _connection.Raise(connection => connection.Lost += null);
        Assert.That((_health.Breaker.IsClosed, _health.Breaker.Reason), Is.EqualTo((false, Fault.ConnectionLost)));
    }

    [Test]
    public void OneOfSeveralEndpointsLost_TheProbeDecides()
    {
        RaiseChanged();
        _connection.Raise(connection => connection.Lost += null);
        _time.Advance(TimeSpan.Zero);
        Assert.That(_health.Breaker.IsClosed, Is.True);
        _database.Verify(database => database.PingAsync(CommandFlags.None), Times.Exactly(3), "two to close, one more because of the loss");
    }

    [Test]
    public void Refusals_LeaveTheCircuitClosedAndAreLoggedOncePerKind()
    {
        RaiseChanged();
        Repeat(10, () => _health.OnFault(Fault.OutOfMemory));
        Repeat(10, () => _health.OnFault(Fault.WrongType));
        Assert.That(_health.Breaker.IsClosed, Is.True);
        Assert.That(Logged(), Is.EqualTo(new[] { Log.AvailableId, Log.RefusedId, Log.RefusedId }));
    }

    [Test]
    public void RefusalAfterAnOutage_IsNewsAgain()
    {
        RaiseChanged();
        _health.OnFault(Fault.OutOfMemory);
        _health.OnFault(Fault.Loading);
        RaiseChanged();
        _health.OnFault(Fault.OutOfMemory);
        Assert.That(Logged(), Is.EqualTo(new[] { Log.AvailableId, Log.RefusedId, Log.UnavailableId, Log.AvailableId, Log.RefusedId }));
    }

    [Test]
    public void RefusalBetweenMisses_IsAnAnswer()
    {
        RaiseChanged();
        _ping = Never;
        Repeat(4, () => _health.OnFault(Fault.DeadlineExceeded));
        _health.OnFault(Fault.WrongType);
        Repeat(4, () => _health.OnFault(Fault.DeadlineExceeded));
        Assert.That(_health.Breaker.IsClosed, Is.True);
    }

    [Test]
    public void PingRefused_TheServerIsThere()
    {
        _ping = () => Task.FromException<TimeSpan>(new RedisServerException(RedisErrorKind.NoPermission, CommandFlags.None, "NOPERM"));
        RaiseChanged();
        Assert.That(_health.Breaker.IsClosed, Is.True);
    }

    [Test]
    public void FarServer_IsJudgedByItsSecondPingAndReportedAsFar()
    {
        var pings = new Queue<int>([900, 200]);
        _ping = () =>
        {
            var roundTrip = TimeSpan.FromMilliseconds(pings.Dequeue());
            _time.Advance(roundTrip);
            return Task.FromResult(roundTrip);
        };
        RaiseChanged();
        Assert.That(_health.Breaker.IsClosed, Is.True);
        Assert.That(_health.Deadline.RoundTrip, Is.EqualTo(TimeSpan.FromMilliseconds(200)), "the first ping also waited for the server to wake up");
        Assert.That(_health.Deadline.Current, Is.EqualTo(TimeSpan.FromMilliseconds(600)));
        Assert.That(Logged(), Is.EqualTo(new[] { Log.FarId }));
    }

    [Test]
    public void Disposed_IsOpenAndSaysNothing()
    {
        RaiseChanged();
        _health.Dispose();
        Assert.That((_health.Breaker.IsClosed, _health.Breaker.Reason), Is.EqualTo((false, Fault.GatewayDisposed)));
        Assert.That(Logged(), Is.EqualTo(new[] { Log.AvailableId }));
    }

    private static RedisConnectionException ConnectionFailure(ConnectionFailureType type) =>
        new(type, CommandFlags.None, "no connection", null, CommandStatus.Unknown);

    private static Task<TimeSpan> Never() => new TaskCompletionSource<TimeSpan>().Task;

    private static void Repeat(int count, Action action)
    {
        for (var turn = 0; turn < count; turn++)
        {
            action();
        }
    }

    private void RaiseChanged()
    {
        _connection.Raise(connection => connection.Changed += null);
        _time.Advance(TimeSpan.Zero);
    }

    private int[] Logged() => _logger.Collector.GetSnapshot().Select(record => record.Id.Id).ToArray();
}
