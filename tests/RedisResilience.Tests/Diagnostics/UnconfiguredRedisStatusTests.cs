using Microsoft.Extensions.Logging.Testing;
using RedisResilience.Diagnostics;

namespace RedisResilience.Tests.Diagnostics;

internal sealed class UnconfiguredRedisStatusTests
{
    [Test]
    public void Made_SaysSoOnce()
    {
        var logger = new FakeLogger();
        _ = new UnconfiguredRedisStatus(logger);
        Assert.That(logger.Collector.GetSnapshot().Single().Id.Id, Is.EqualTo(Log.NotConfiguredId));
    }

    [Test]
    public void Status_IsNotConfigured()
    {
        var status = new UnconfiguredRedisStatus(new FakeLogger());
        Assert.That(status.Current, Is.EqualTo(new RedisStatus { Availability = RedisAvailability.NotConfigured }));
    }

    [Test]
    public void WaitForRedis_IsAnErrorAndNotForEver() =>
        Assert.That(() => new UnconfiguredRedisStatus(new FakeLogger()).WaitUntilAvailableAsync(), Throws.InvalidOperationException);
}
