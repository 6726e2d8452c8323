using Moq;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway.Invalidations;
using RedisResilience.RaceTests.Scheduling;
using StackExchange.Redis;

namespace RedisResilience.RaceTests.Races;

/// <summary>Several threads of a process tell others what they have changed: each change is heard, and none is taken for a lost
/// one.</summary>
internal sealed class MessageRace : Race, IInvalidationListener
{
    private const int Publishers = 4;
    private readonly HashSet<string> _heard = [];
    private readonly Queue<RedisValue> _line = [];
    private Action<RedisChannel, RedisValue> _onMessage = null!;
    private ProcessMessages _sender = null!;

    public override void Begin(Interleaving run)
    {
        var subscriber = new Mock<ISubscriber>();
        subscriber.Setup(static stub => stub.SubscribeAsync(
                It.IsAny<RedisChannel>(), It.IsAny<Action<RedisChannel, RedisValue>>(), It.IsAny<CommandFlags>()))
            .Callback((RedisChannel _, Action<RedisChannel, RedisValue> handler, CommandFlags _) => _onMessage = handler)
            .Returns(Task.CompletedTask);
        subscriber.Setup(static stub => stub.UnsubscribeAsync(
                It.IsAny<RedisChannel>(), It.IsAny<Action<RedisChannel, RedisValue>>(), It.IsAny<CommandFlags>()))
            .Returns(Task.CompletedTask);
        var database = new Mock<IDatabase>();
        database.Setup(static stub => stub.Multiplexer.GetSubscriber(It.IsAny<object>())).Returns(subscriber.Object);
        database.Setup(static stub => stub.Publish(It.IsAny<RedisChannel>(), It.IsAny<RedisValue>(), It.IsAny<CommandFlags>()))
            .Callback((RedisChannel _, RedisValue message, CommandFlags _) =>
            {
                // On its way through the client.
                run.Reach();
                _line.Enqueue(message);
            })
            .Returns(1);
        new ProcessMessages("", this).StartAsync(database.Object).GetAwaiter().GetResult();
        _sender = new ProcessMessages("", Mock.Of<IInvalidationListener>());
        for (var publisher = 0; publisher < Publishers; publisher++)
        {
            var key = $"key:{publisher}";
            run.Start(() => _sender.Publish(database.Object, key));
        }
    }

    public override void Check()
    {
        while (_line.TryDequeue(out var message))
        {
            _onMessage(default, message);
        }

        Interleaving.Require(_heard.Count == Publishers, "a change was not heard");
    }

    public void Distrust() => throw new RaceException("nothing was lost");

    public void Trust(LocalTierMode mode) => throw new RaceException("nothing was lost");

    public void Invalidate(string key) => _heard.Add(key);

    public void InvalidateAll() => throw new RaceException("messages have overtaken each other: everything is dropped");
}
