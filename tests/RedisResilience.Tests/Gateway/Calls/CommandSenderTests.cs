using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Calls;
using RedisResilience.Gateway.Connection;
using StackExchange.Redis;

namespace RedisResilience.Tests.Gateway.Calls;

internal sealed class CommandSenderTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(250);

    private readonly FakeTimeProvider _time = new();
    private readonly CallLog _log = new();
    private readonly Mock<IDatabase> _database = new(MockBehavior.Strict);
    private readonly Mock<IRedisConnection> _connection = new();
    private CommandSender _sender = null!;

    [SetUp]
    public void Connect()
    {
        _connection.SetupGet(connection => connection.Database).Returns(_database.Object);
        _sender = new CommandSender(_connection.Object, _time, maximumCallsInFlight: 2);
    }

    [TearDown]
    public void Dispose() => _sender.Dispose();

    [Test]
    public async Task NoConnectionYet_HasNoAnswerAtOnce()
    {
        _connection.SetupGet(connection => connection.Database).Returns((IDatabase?)null);
        _connection.SetupGet(connection => connection.Trouble).Returns(Fault.ConnectionFailed);
        Assert.That((await SendAsync(new TaskCompletionSource<FakeReply>())).Fault, Is.EqualTo(Fault.ConnectionFailed));
    }

    [Test]
    public async Task AsManyCallsAsFit_TheNextIsNotSentUntilOneIsAnswered()
    {
        var first = new TaskCompletionSource<FakeReply>();
        var waiting = SendAsync(first);
        _ = SendAsync(new TaskCompletionSource<FakeReply>());
        var third = new TaskCompletionSource<FakeReply>();
        Assert.That((await SendAsync(third)).Fault, Is.EqualTo(Fault.TooManyCalls));
        Assert.That(_log.Ends, Is.Empty, "a call that was not sent says nothing about Redis");

        first.SetResult(new FakeReply(1));
        Assert.That((await waiting.WaitAsync(Patience.Limit)).Value, Is.EqualTo(1));
        third.SetResult(new FakeReply(3));
        Assert.That((await SendAsync(third)).Value, Is.EqualTo(3));
    }

    [Test]
    public async Task DeadlineOver_HasNoAnswer()
    {
        var call = SendAsync(new TaskCompletionSource<FakeReply>());
        _time.Advance(Deadline - TimeSpan.FromMilliseconds(1));
        Assert.That(call.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That((await call.WaitAsync(Patience.Limit)).Fault, Is.EqualTo(Fault.DeadlineExceeded));
    }

    [TestCaseSource(nameof(ThrownBySending))]
    public async Task ClientThrowsInsteadOfSending_IsAFault(Exception thrown, object fault)
    {
        _database.Setup(database => database.PingAsync(CommandFlags.None)).Throws(thrown);
        var answer = await _sender.SendAsync<RedisResilience.Gateway.Commands.PingCommand, TimeSpan, bool>(
            default, Deadline, _log, CancellationToken.None);
        Assert.That(answer.Fault, Is.EqualTo(fault));
        Assert.That(_log.Ends, Is.EqualTo(new[] { fault }));
    }

    private static IEnumerable<TestCaseData> ThrownBySending()
    {
        yield return new TestCaseData(new RedisConnectionException(
            ConnectionFailureType.UnableToConnect, CommandFlags.None, "none", null, CommandStatus.Unknown), Fault.ConnectionFailed);
        yield return new TestCaseData(new RedisTimeoutException(CommandFlags.None, "late", CommandStatus.Sent), Fault.DeadlineExceeded);
        yield return new TestCaseData(new ObjectDisposedException("multiplexer"), Fault.ConnectionReplaced);
        yield return new TestCaseData(new RedisCommandException("disabled in the command map"), Fault.UnknownCommand);
    }

    private Task<Answer<int>> SendAsync(TaskCompletionSource<FakeReply> reply) =>
        _sender.SendAsync<FakeCommand, FakeReply, int>(new FakeCommand(reply.Task), Deadline, _log, CancellationToken.None).AsTask();
}
