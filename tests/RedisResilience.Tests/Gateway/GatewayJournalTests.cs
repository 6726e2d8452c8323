using Microsoft.Extensions.Logging;
using Moq;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Health;

namespace RedisResilience.Tests.Gateway;

internal sealed class GatewayJournalTests
{
    [Test]
    public void LogThatThrows_IsNobodysBusiness()
    {
        var logger = new Mock<ILogger>();
        logger.Setup(log => log.IsEnabled(It.IsAny<LogLevel>())).Throws(new InvalidOperationException("the disk is full"));
        var journal = new GatewayJournal(logger.Object, () => ServerIdentity.Of(null, [], 0));

        Assert.That(() => journal.Unavailable(Fault.ConnectionLost), Throws.Nothing);
        Assert.That(() => journal.Refused("out of memory"), Throws.Nothing);
        Assert.That(() => journal.Available(new CommandDeadline(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1))), Throws.Nothing);
        logger.Verify(log => log.IsEnabled(It.IsAny<LogLevel>()), Times.Exactly(3));
    }
}
