using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Gateway.Connection;
using StackExchange.Redis;

namespace RedisResilience.Tests.Gateway.Connection;

/// <summary>One multiplexer takes another one's place.</summary>
internal sealed class RedisConnectionTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Mock<IConnectionMultiplexer> _first = NewMultiplexer();
    private readonly Mock<IConnectionMultiplexer> _second = NewMultiplexer();

    [Test]
    [Description("A server that was silent answers on the old connection, too: what it has given there must be heard of.")]
    public async Task ReplacedMultiplexer_IsOpenForASecond()
    {
        await using var connection = await ConnectAsync();
        await connection.RenewAsync(() => true);
        Assert.That(connection.Database!.Multiplexer, Is.SameAs(_second.Object));
        _first.Verify(multiplexer => multiplexer.CloseAsync(It.IsAny<bool>()), Times.Never);

        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.BecomesTrueAsync(() => _first.Invocations.Any(call => call.Method.Name == "CloseAsync"));
        _second.Verify(multiplexer => multiplexer.CloseAsync(It.IsAny<bool>()), Times.Never);
    }

    [Test]
    public async Task ReplacedMultiplexer_IsClosedWithTheConnection()
    {
        var connection = await ConnectAsync();
        await connection.RenewAsync(() => true);
        await connection.DisposeAsync();
        await Eventually.BecomesTrueAsync(() => _first.Invocations.Any(call => call.Method.Name == "CloseAsync"));
        _second.Verify(multiplexer => multiplexer.CloseAsync(false), Times.Once);
    }

    private static Mock<IConnectionMultiplexer> NewMultiplexer()
    {
        var multiplexer = new Mock<IConnectionMultiplexer>();
        var database = new Mock<IDatabase>();
        database.SetupGet(one => one.Multiplexer).Returns(multiplexer.Object);
        multiplexer.SetupGet(one => one.IsConnected).Returns(true);
        multiplexer.Setup(one => one.GetServers()).Returns([]);
        multiplexer.Setup(one => one.GetDatabase(It.IsAny<int>(), It.IsAny<object?>())).Returns(database.Object);
        multiplexer.Setup(one => one.CloseAsync(It.IsAny<bool>())).Returns(Task.CompletedTask);
        return multiplexer;
    }

    private async Task<RedisConnection> ConnectAsync()
    {
        var dialer = new Mock<IDialer>();
        dialer.SetupSequence(one => one.DialAsync()).ReturnsAsync(_first.Object).ReturnsAsync(_second.Object);
        var connection = new RedisConnection(dialer.Object, _time);
        connection.Start();
        await Eventually.BecomesTrueAsync(() => connection.Database is not null);
        return connection;
    }
}
