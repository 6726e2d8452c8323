using Moq;
using RedisResilience.Gateway.Invalidations;
using StackExchange.Redis;

namespace RedisResilience.Tests.Gateway.Invalidations;

internal sealed class ProcessMessagesTests
{
    private const int Threads = 4;
    private const int Messages = 2000;

    /// <summary>What is heard out of order empties every other process's local tier.</summary>
    [Test]
    public async Task MessagesOfManyThreads_AreSentInTheOrderOfTheirNumbers()
    {
        var numbers = new List<ulong>();
        var database = new Mock<IDatabase>();
        database.Setup(client => client.Publish(It.IsAny<RedisChannel>(), It.IsAny<RedisValue>(), It.IsAny<CommandFlags>()))
            .Callback((RedisChannel _, RedisValue message, CommandFlags _) =>
            {
                InvalidationMessage.TryRead(((ReadOnlyMemory<byte>)message).Span, out var read);
                lock (numbers)
                {
                    numbers.Add(read.Number);
                }
            });
        var messages = new ProcessMessages("", Mock.Of<IInvalidationListener>());
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var message = 0; message < Messages; message++)
            {
                messages.Publish(database.Object, $"key{thread}");
            }
        })));
        Assert.That(numbers, Has.Count.EqualTo(Threads * Messages).And.Ordered);
    }
}
