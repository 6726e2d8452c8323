using RedisResilience.Caching;

namespace RedisResilience.Tests.Caching.Json;

/// <summary>The shortest call there is.</summary>
internal sealed class FirstContactTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly InMemoryResponseCache _cache = new();
    private int _asked;

    [Test]
    public async Task Value_IsLoadedOnceAndReadAsItWas()
    {
        var first = await GetAsync("quote");
        var second = await GetAsync("quote");
        Assert.That((first, second, _asked), Is.EqualTo((new Price("AAPL", 1.5m), new Price("AAPL", 1.5m), 1)));
    }

    [Test]
    public async Task NoValue_IsNull() =>
        Assert.That(await _cache.GetOrCreateAsync("none", Minute, static _ => new ValueTask<Price?>(default(Price))), Is.Null);

    private ValueTask<Price?> GetAsync(string key) => _cache.GetOrCreateAsync<Price>(key, Minute, async token =>
    {
        await Task.Yield();
        _asked++;
        return new Price("AAPL", 1.5m);
    });

    internal sealed record Price(string Symbol, decimal Value);
}
