using Microsoft.Extensions.Logging;
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
    public void WaitForRedis_IsNone() =>
        Assert.That(new UnconfiguredRedisStatus(new FakeLogger()).WaitUntilAvailableAsync().IsCompletedSuccessfully, Is.True);

    [Test]
    public void LimitThatIsNotEnforced_IsToldOnceByItsName()
    {
        var logger = new FakeLogger();
        var status = new UnconfiguredRedisStatus(logger);

        Array.ForEach(["login", "export", "login"], status.NotEnforced);

        var told = logger.Collector.GetSnapshot().Where(record => record.Id.Id == Log.NotEnforcedId).ToArray();
        Assert.That(told.Select(record => (record.Level, record.GetStructuredStateValue("Limit"))), Is.EqualTo(
            new[] { (LogLevel.Warning, "login"), (LogLevel.Warning, "export") }));
        Assert.That(status.Current.Refusal, Does.Contain("'export', 'login'"));
    }
}
