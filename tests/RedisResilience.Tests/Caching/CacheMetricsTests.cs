using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;
using RedisResilience.Tests.Gateway;

namespace RedisResilience.Tests.Caching;

internal sealed class CacheMetricsTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Test]
    public async Task EveryRead_IsCountedByOutcome()
    {
        using var reads = Collect("redis_resilience.cache.reads");
        await ReadAsync(new Answer<Payload>(new Payload(Exists: true, default, null)));
        await ReadAsync(new Answer<Payload>(default(Payload)));
        await ReadAsync(new Answer<Payload>(Fault.CircuitOpen));
        Assert.That(Outcomes(reads), Is.EqualTo(new[] { "hit", "miss", "unavailable" }));
    }

    /// <summary>Over HTTP an entry is looked for before it is created: who has waited for Redis in vain is not counted again.</summary>
    [Test]
    public async Task CreationThatSkipsRedis_IsNoRead()
    {
        using var reads = Collect("redis_resilience.cache.reads");
        var cache = Caches.Over(GatewayStub.Silent().Object);
        (await cache.GetAsync("key")).Dispose();
        (await cache.GetOrCreateAsync("key", new CacheEntryOptions(Minute) { SkipRedis = true }, 0, static (_, _) =>
            new ValueTask<SourceResponse>(new SourceResponse(new byte[1])))).Dispose();
        Assert.That(Outcomes(reads), Is.EqualTo(new[] { "unavailable" }));
    }

    [TestCase("predictions:v1:AAPL", "predictions:v1")]
    [TestCase("predictions:v1", "predictions:v1")]
    [TestCase("predictions:AAPL", null)]
    public async Task EveryRead_IsCountedByTheNamespaceOfItsKey(string key, string? expected)
    {
        using var reads = Collect("redis_resilience.cache.reads");
        (await Caches.Over(GatewayStub.Create().Gets(new Answer<Payload>(default(Payload))).Object, 8).GetAsync(key)).Dispose();

        var tags = reads.GetMeasurementSnapshot().Single().Tags;
        Assert.That(tags.GetValueOrDefault("namespace"), Is.EqualTo(expected));
        Assert.That(tags, Has.Count.EqualTo(expected is null ? 1 : 2));
    }

    [Test]
    public async Task EveryWrite_IsCountedByOutcome()
    {
        using var writes = Collect("redis_resilience.cache.writes");
        await WriteAsync(new Answer<bool>(true), size: 8);
        await WriteAsync(new Answer<bool>(true), size: 9);
        await WriteAsync(new Answer<bool>(Fault.OutOfMemory), size: 8);
        Assert.That(Outcomes(writes), Is.EqualTo(new[] { "stored", "too_large", "unavailable" }));
    }

    private static async Task ReadAsync(Answer<Payload> answer) =>
        (await Caches.Over(GatewayStub.Create().Gets(answer).Object, 8).GetAsync("key")).Dispose();

    private static async Task WriteAsync(Answer<bool> answer, int size) =>
        await Caches.Over(
            GatewayStub.Create().Sets(answer).Deletes(new Answer<bool>(false)).Object, 8).SetAsync("key", new byte[size], Minute);

    private static MetricCollector<long> Collect(string instrument) => new(null, ResilienceMetrics.MeterName, instrument);

    private static object?[] Outcomes(MetricCollector<long> collector) =>
        collector.GetMeasurementSnapshot().Select(measurement => measurement.Tags.Single().Value).ToArray();
}
