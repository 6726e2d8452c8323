using Microsoft.Extensions.Diagnostics.HealthChecks;
using Moq;
using RedisResilience.AspNetCore.Health;
using RedisResilience.Diagnostics;

namespace RedisResilience.Tests.AspNetCore.Health;

public sealed class RedisHealthCheckTests
{
    [TestCase(RedisAvailability.NotConfigured, HealthStatus.Healthy)]
    [TestCase(RedisAvailability.Available, HealthStatus.Healthy)]
    [TestCase(RedisAvailability.Connecting, HealthStatus.Degraded)]
    [TestCase(RedisAvailability.Unavailable, HealthStatus.Degraded)]
    public async Task Availability_IsNeverUnhealthy(RedisAvailability availability, HealthStatus health) =>
        Assert.That((await CheckAsync(new RedisStatus { Availability = availability })).Status, Is.EqualTo(health));

    [Test]
    public async Task RedisAway_SaysWhy()
    {
        var result = await CheckAsync(new RedisStatus { Availability = RedisAvailability.Unavailable, Reason = "connection refused" });

        Assert.That(result.Description, Does.Contain("connection refused"));
        Assert.That(result.Data["reason"], Is.EqualTo("connection refused"));
        Assert.That(result.Data["availability"], Is.EqualTo("Unavailable"));
        Assert.That(result.Data["mode"], Is.EqualTo("without Redis"));
    }

    [Test]
    public async Task FarRedis_IsDescribedAsFar()
    {
        var result = await CheckAsync(new RedisStatus
        {
            Availability = RedisAvailability.Available,
            RoundTrip = TimeSpan.FromMilliseconds(120.44),
            CommandDeadline = TimeSpan.FromMilliseconds(361),
            IsFar = true,
        });

        Assert.That(result.Description, Is.EqualTo("Redis is in use, but far away: round trip 120.4 ms, deadline 361 ms."));
        Assert.That(result.Data["roundTripMilliseconds"], Is.EqualTo(120.44));
        Assert.That(result.Data["deadlineMilliseconds"], Is.EqualTo(361.0));
    }

    private static Task<HealthCheckResult> CheckAsync(RedisStatus current) =>
        new RedisHealthCheck(Mock.Of<IRedisStatus>(status => status.Current == current)).CheckHealthAsync(new HealthCheckContext());
}
