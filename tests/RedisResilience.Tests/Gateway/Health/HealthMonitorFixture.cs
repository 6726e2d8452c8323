using System.Net;
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

/// <summary>A health monitor whose connection and clock the test holds in its hands.</summary>
internal abstract class HealthMonitorFixture
{
    private readonly FakeLogger _logger = new();
    private CommandSender _sender = null!;

    protected FakeTimeProvider Time { get; } = new();

    protected Mock<IRedisConnection> Connection { get; } = new();

    protected Mock<IDatabase> Database { get; } = new();

    /// <summary>What Redis does when it is pinged; answers at once unless a test says otherwise.</summary>
    protected Func<Task<TimeSpan>> Ping { get; set; } = () => Task.FromResult(TimeSpan.Zero);

    /// <summary>What Redis does with the script that greets it; a server that runs no scripts at all, unless a test says
    /// otherwise.</summary>
    protected Func<Task<RespResult>> Greeting { get; set; } =
        () => Task.FromException<RespResult>(new RedisServerException(RedisErrorKind.NoPermission, CommandFlags.None, "NOPERM"));

    /// <summary>Which Redis it is.</summary>
    protected virtual ServerIdentity Server { get; } = ServerIdentity.Of(null, [new DnsEndPoint("cache", 6379)], 0);

    protected HealthMonitor Health { get; private set; } = null!;

    [SetUp]
    public void Connect()
    {
        Database.Setup(database => database.PingAsync(CommandFlags.None)).Returns(() => Ping());
        Database.Setup(
            database => database.ExecuteRespAsync("EVALSHA", It.IsAny<ReadOnlyMemory<RedisKeyOrValue>>(), It.IsAny<CommandFlags>()))
            .Returns(() => Greeting());
        Database.Setup(database => database.ScriptEvaluateAsync(
            It.IsAny<byte[]>(), It.IsAny<RedisKey[]>(), It.IsAny<RedisValue[]>(), It.IsAny<CommandFlags>())).Returns(GreetClusterAsync);
        Connection.SetupGet(connection => connection.Database).Returns(Database.Object);
        Connection.SetupGet(connection => connection.IsConnected).Returns(true);
        Connection.SetupGet(connection => connection.Shards).Returns([]);
        _sender = new CommandSender(Connection.Object, Time);
        var journal = new GatewayJournal(_logger, () => Server);
        Health = new HealthMonitor(_sender, Connection.Object, journal, new RedisResilienceOptions(), Time);
    }

    [TearDown]
    public void Dispose()
    {
        Health.Dispose();
        _sender.Dispose();
    }

    protected static RedisConnectionException ConnectionFailure(ConnectionFailureType type) =>
        new(type, CommandFlags.None, "no connection", null, CommandStatus.Unknown);

    protected static Task<TimeSpan> Never() => new TaskCompletionSource<TimeSpan>().Task;

    protected static void Repeat(int count, Action action)
    {
        for (var turn = 0; turn < count; turn++)
        {
            action();
        }
    }

    protected void RaiseChanged()
    {
        Connection.Raise(connection => connection.Changed += null);
        Time.Advance(TimeSpan.Zero);
    }

    protected int[] Logged() => _logger.Collector.GetSnapshot().Select(record => record.Id.Id).ToArray();

    private async Task<RedisResult> GreetClusterAsync()
    {
        (await Greeting()).Dispose();
        return RedisResult.Create(RedisValue.Null);
    }
}
