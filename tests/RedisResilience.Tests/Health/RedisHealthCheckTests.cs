using Microsoft.Extensions.Diagnostics.HealthChecks;
using Moq;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using RedisResilience.Health;

namespace RedisResilience.Tests.Health;

public sealed class RedisHealthCheckTests
{
    [TestCase(RedisAvailability.NotConfigured, HealthStatus.Healthy)]
    [TestCase(RedisAvailability.Available, HealthStatus.Healthy)]
    [TestCase(RedisAvailability.Connecting, HealthStatus.Degraded)]
    [TestCase(RedisAvailability.Unavailable, HealthStatus.Degraded)]
    public async Task Availability_IsNeverUnhealthy(RedisAvailability availability, HealthStatus health) =>
        Assert.That((await CheckAsync(new RedisStatus { Availability = availability })).Status, Is.EqualTo(health));

    [Test]
    public async Task SeveralServers_AreToldByTheirNamesAndTheWorstCounts()
    {
        var check = new RedisHealthCheck(
        [
            new CheckedRedis(null, Mock.Of<IRedisStatus>(
                status => status.Current == new RedisStatus { Availability = RedisAvailability.Available }), null),
            new CheckedRedis("sessions", Mock.Of<IRedisStatus>(status =>
                status.Current == new RedisStatus { Availability = RedisAvailability.Unavailable, Reason = "connection refused" }), null),
        ]);

        var result = await check.CheckHealthAsync(new HealthCheckContext());

        Assert.That((result.Status, result.Data["availability"], result.Data["sessions.reason"]), Is.EqualTo(
            (HealthStatus.Degraded, "Available", "connection refused")));
        Assert.That(result.Description, Does.Contain("Redis is in use").And.Contain("sessions: Redis is not in use: connection refused"));
    }

    [TestCase(RedisAvailability.Available)]
    [TestCase(RedisAvailability.NotConfigured)]
    public async Task WhatIsRefusedOrNotEnforced_IsDegraded(RedisAvailability availability)
    {
        var result = await CheckAsync(new RedisStatus { Availability = availability, Refusal = "the server is out of memory" });

        Assert.That((result.Status, result.Data["refusal"]), Is.EqualTo((HealthStatus.Degraded, "the server is out of memory")));
        Assert.That(result.Description, Does.Contain("the server is out of memory"));
    }

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

    [TestCase(0, HealthStatus.Healthy, "deadline 250 ms.")]
    [TestCase(1, HealthStatus.Degraded, "deadline 250 ms. 1 of the cluster's shards is not: calls for its keys go on without Redis.")]
    [TestCase(2, HealthStatus.Degraded, "deadline 250 ms. 2 of the cluster's shards are not: calls for their keys go on without Redis.")]
    public async Task ShardsAway_AreTold(int away, HealthStatus health, string end)
    {
        var result = await CheckAsync(
            new RedisStatus
            {
                Availability = RedisAvailability.Available,
                CommandDeadline = TimeSpan.FromMilliseconds(250),
                ShardsAway = away
            });

        Assert.That(result.Status, Is.EqualTo(health));
        Assert.That(result.Description, Does.EndWith(end));
        Assert.That(result.Data.TryGetValue("shardsAway", out var told) ? told : 0, Is.EqualTo(away));
    }

    [TestCase(false, HealthStatus.Healthy)]
    [TestCase(true, HealthStatus.Degraded)]
    public async Task TooManyKeys_AreTold(bool isFull, HealthStatus health)
    {
        var usage = new NamespaceUsage("predictions:v1", Keys: 12, Bytes: 345);
        var result = await CheckAsync(
            new RedisStatus { Availability = RedisAvailability.Available },
            Mock.Of<ICacheUsage>(cache => cache.IsFull == isFull && cache.Namespaces == new[] { usage }));

        Assert.That(result.Status, Is.EqualTo(health));
        Assert.That(result.Data["namespaces"], Is.EqualTo(new[] { usage }));
        Assert.That(result.Description!.Contains("as many keys as it may", StringComparison.Ordinal), Is.EqualTo(isFull));
    }

    private static Task<HealthCheckResult> CheckAsync(RedisStatus current, ICacheUsage? usage = null) =>
        new RedisHealthCheck(Mock.Of<IRedisStatus>(status => status.Current == current), usage).CheckHealthAsync(new HealthCheckContext());
}
