using RedisResilience.Caching;
using RedisResilience.Caching.Filling;
using RedisResilience.Gateway;
using RedisResilience.Tests.Caching.Simulation;

namespace RedisResilience.Tests.Caching.Filling;

/// <summary>Thousands of callers miss at once, each another key: the store is asked for their leases, and told what has come of them, in
/// turns.</summary>
internal sealed class StoreTurnsTests
{
    private const int Keys = 2000;

    // The versions of the whole cache, and what looks again.
    private const int Others = 16;

    private static readonly CacheEntryOptions Patient = new(TimeSpan.FromMinutes(1)) { MaximumFillWait = TimeSpan.FromMinutes(10) };

    private readonly SimulatedRedis _redis = new();
    private readonly PacedNetwork _network = new();

    /// <summary>Red without turns: 2,000 leases are asked for at once.</summary>
    [Test]
    public async Task ManyMisses_TakeTurns()
    {
        var loads = Begin(Patient);
        await Eventually.BecomesTrueAsync(() => _network.Held >= Keys);
        _network.AnswerAll();
        _network.CountAnew();
        await EndAsync(loads);
        Assert.That(_network.Most, Is.LessThanOrEqualTo((2 * StoreTurns.Width) + Others), "of those who ask, and of those who tell");
        await Eventually.BecomesTrueAsync(async () =>
        {
            _network.AnswerAll();
            return (await _redis.Store.ReadAsync(new RedisResilience.Caching.Reading.EntryRead($"{Keys - 1}", 0, default)))
                .Value.Payload.Exists;
        });
    }

    [Test]
    public async Task TurnThatDoesNotComeInTime_IsNotWaitedFor()
    {
        var loads = Begin(Patient with { MaximumFillWait = TimeSpan.FromMilliseconds(100) });
        await Eventually.BecomesTrueAsync(() => _network.Held >= Keys);
        _network.AnswerAll();
        await Eventually.BecomesTrueAsync(() => _network.Held >= StoreTurns.Width);
        await EndAsync(loads, TimeSpan.FromMilliseconds(100));
    }

    [Test]
    public async Task TurnOfALoadThatFails_IsGivenBack()
    {
        for (var round = 0; round < 2 * StoreTurns.Width; round++)
        {
            var failing = Begin(Patient, keys: 1, static () => throw new TimeoutException());
            await Assert.ThatAsync(() => EndAsync(failing), Throws.InstanceOf<TimeoutException>());
        }

        await EndAsync(Begin(Patient, keys: 1));
    }

    private Task<CachedResponse>[] Begin(CacheEntryOptions options, int keys = Keys, Action? before = null)
    {
        var cache = _cache ??= Caches.Over(
            new SimulatedGateway(_redis, _network), timeProvider: _redis.Clock, options: new RedisResilienceOptions());
        return [.. Enumerable.Range(0, keys).Select(key => cache.GetOrCreateAsync($"{key}", options, (key, before), static (load, _) =>
        {
            load.before?.Invoke();
            return new ValueTask<SourceResponse>(SimulatedNode.Body($"{load.key}"));
        }).AsTask())];
    }

    private RedisResilience.Caching.Stores.ResponseCache? _cache;

    private async Task EndAsync(Task<CachedResponse>[] loads, TimeSpan step = default)
    {
        var all = Task.WhenAll(loads);
        await Eventually.BecomesTrueAsync(() =>
        {
            _network.AnswerAll();
            _redis.Clock.Advance(step);
            return Task.FromResult(all.IsCompleted);
        });
        Assert.That((await all).Select(static response => response.HasBody), Has.All.True);
    }
}
