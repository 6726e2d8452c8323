using System.Text;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Time.Testing;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;

namespace RedisResilience.Tests.Caching.Json;

internal sealed class JsonResponseCacheTests
{
    private const string Key = "predictions:v1:AAPL";

    private static readonly CacheEntryOptions Options = new(TimeSpan.FromMinutes(1));
    private static readonly Quote Apple = new("AAPL", 214.5);

    private readonly InMemoryResponseCache _cache = new(new FakeTimeProvider());
    private int _loads;

    [Test]
    public async Task WhatIsStored_IsRead()
    {
        Assert.That(await _cache.SetAsync(Key, Apple, Options, QuoteJson.Default.Quote), Is.True);
        Assert.That(await _cache.GetAsync(Key, QuoteJson.Default.Quote), Is.EqualTo(Apple));
        using var raw = await _cache.GetAsync(Key);
        Assert.That(Encoding.UTF8.GetString(raw.Body.Span), Is.EqualTo("{\"Symbol\":\"AAPL\",\"Price\":214.5}"));
    }

    [Test]
    public async Task Missing_IsTheDefault() => Assert.That(await _cache.GetAsync(Key, QuoteJson.Default.Quote), Is.Null);

    [Test]
    public async Task Missing_IsLoadedOnce()
    {
        Assert.That(await GetOrCreateAsync(), Is.EqualTo(Apple));
        Assert.That(await GetOrCreateAsync(), Is.EqualTo(Apple));
        Assert.That(_loads, Is.EqualTo(1));
    }

    [Test]
    public async Task SourceThatHasNothing_IsTheDefault() =>
        Assert.That(await _cache.GetOrCreateAsync(
            Key, Options, 0, static (_, _) => new ValueTask<Quote?>((Quote?)null), QuoteJson.Default.Quote), Is.Null);

    [TestCase("")]
    [TestCase("garbage")]
    [TestCase("{\"Symbol\":\"AAPL\",\"Pri", TestName = "truncated")]
    [TestCase("{\"Name\":\"AAPL\"}", TestName = "another schema")]
    [TestCase("[1,2,3]")]
    public async Task EntryThatIsNoSuchValue_IsAMiss_CountedAndReplaced(string body)
    {
        await _cache.SetAsync(Key, Encoding.UTF8.GetBytes(body), TimeSpan.FromMinutes(1));
        using var unreadable = new MetricCollector<long>(null, ResilienceMetrics.MeterName, "redis_resilience.cache.unreadable");
        Assert.That(await _cache.GetAsync(Key, QuoteJson.Default.Quote), Is.Null);
        Assert.That(await GetOrCreateAsync(), Is.EqualTo(Apple));
        Assert.That(await _cache.GetAsync(Key, QuoteJson.Default.Quote), Is.EqualTo(Apple));
        Assert.That(_loads, Is.EqualTo(1));
        Assert.That(unreadable.GetMeasurementSnapshot(), Has.Count.GreaterThanOrEqualTo(2));
    }

    [Test]
    public async Task CompressedEntry_IsReadToo()
    {
        var cache = new InMemoryResponseCache(new FakeTimeProvider(), options: new RedisResilienceOptions { CompressionThreshold = 256 });
        var large = new Quote(new string('A', 5_000), 1);
        await cache.SetAsync(Key, large, Options, QuoteJson.Default.Quote);
        using (var raw = await cache.GetAsync(Key))
        {
            Assert.That(raw.ContentEncoding, Is.EqualTo(ContentEncoding.Brotli));
            Assert.That(raw.Body.Length, Is.LessThan(500));
            Assert.That(raw.ETag, Has.Length.EqualTo(18));
        }

        Assert.That(await cache.GetAsync(Key, QuoteJson.Default.Quote), Is.EqualTo(large));
    }

    private ValueTask<Quote?> GetOrCreateAsync() => _cache.GetOrCreateAsync(
        Key,
        Options,
        this,
        static (test, _) =>
        {
            test._loads++;
            return new ValueTask<Quote?>(Apple);
        },
        QuoteJson.Default.Quote);
}
