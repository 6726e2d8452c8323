using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Calls;
using RedisResilience.Gateway.Commands;
using RedisResilience.Gateway.Connection;
using StackExchange.Redis;

namespace RedisResilience.Tests.Gateway.Calls;

internal sealed class BodiesInFlightTests
{
    [Test]
    public void Full_HasNoRoomUntilOneLeaves()
    {
        var bodies = new BodiesInFlight(100);
        Assert.That(bodies.TryEnter(60), Is.True);
        Assert.That(bodies.TryEnter(60), Is.False);
        Assert.That(bodies.TryEnter(40), Is.True);
        bodies.Leave(60);
        Assert.That(bodies.TryEnter(60), Is.True);
    }

    [Test]
    public void SingleBody_AlwaysHasRoom()
    {
        var bodies = new BodiesInFlight(100);
        Assert.That(bodies.TryEnter(500), Is.True);
        Assert.That(bodies.TryEnter(1), Is.False);
        bodies.Leave(500);
        Assert.That(bodies.TryEnter(1), Is.True);
    }

    [Test]
    public async Task ServerThatTakesNoBodies_TheNextIsDroppedAlsoAfterTheDeadline()
    {
        var time = new FakeTimeProvider();
        var reply = new TaskCompletionSource<bool>();
        var database = new Mock<IDatabase>();
        database.SetReturnsDefault(reply.Task);
        var connection = new Mock<IRedisConnection>();
        connection.SetupGet(stub => stub.Database).Returns(database.Object);
        using var sender = new CommandSender(connection.Object, time);
        var first = SetAsync(sender, 30 * 1024 * 1024);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await first.WaitAsync(Patience.Limit)).Fault, Is.EqualTo(Fault.DeadlineExceeded));

        Assert.That((await SetAsync(sender, 3 * 1024 * 1024)).Fault, Is.EqualTo(Fault.TooManyCalls), "the client still holds the first");

        Inline.Run(() => reply.SetResult(true));
        Assert.That((await SetAsync(sender, 3 * 1024 * 1024)).IsAnswered, Is.True);
    }

    [Test]
    public async Task ClientThatThrowsWhateverItLikes_IsAFaultAndLeavesTheRoom()
    {
        var database = new Mock<IDatabase>();
        database.Setup(stub => stub.StringSetAsync(
                It.IsAny<RedisKey>(), It.IsAny<RedisValue>(), It.IsAny<Expiration>(), It.IsAny<ValueCondition>(), It.IsAny<CommandFlags>()))
            .Throws(new InvalidOperationException("nobody has listed this"));
        database.SetReturnsDefault(Task.FromException<bool>(new InvalidOperationException("nobody has listed this")));
        var connection = new Mock<IRedisConnection>();
        connection.SetupGet(stub => stub.Database).Returns(database.Object);
        using var sender = new CommandSender(connection.Object, new FakeTimeProvider());
        for (var call = 0; call < 4; call++)
        {
            Assert.That((await SetAsync(sender, 30 * 1024 * 1024)).Fault, Is.EqualTo(Fault.Other), "not that too much is waiting");
        }
    }

    private static Task<Answer<bool>> SetAsync(CommandSender sender, int size) => sender.SendAsync<SetCommand, bool, bool>(
        new SetCommand("key", new byte[size], TimeSpan.FromMinutes(1)), TimeSpan.FromSeconds(
            1), SilentObserver.Instance, CancellationToken.None).AsTask();
}
