using RedisResilience.Caching;

namespace RedisResilience.IntegrationTests.Caching;

/// <summary>Readers, writers and invalidators of one key through several caches over one server, as they happen to come.</summary>
internal sealed class LiveSchedule(int seed, IReadOnlyList<IResponseCache> caches, string key)
{
    private static readonly CacheEntryOptions[] Kinds =
    [
        new(TimeSpan.FromMilliseconds(40)) { LeaseTime = TimeSpan.FromMilliseconds(8), MaximumFillWait = TimeSpan.FromMilliseconds(10) },
        new(TimeSpan.FromMilliseconds(10))
        {
            LeaseTime = TimeSpan.FromMilliseconds(
            8), MaximumFillWait = TimeSpan.FromMilliseconds(10), StaleWhileRevalidate = TimeSpan.FromMilliseconds(20),
            StaleIfError = TimeSpan.FromMilliseconds(30), ErrorCoolDown = TimeSpan.FromMilliseconds(5), EarlyRefreshFactor = 1,
        },
    ];

    private readonly Random _random = new(seed);
    private int _source;
    private int _acknowledged;
    private int _violations;

    /// <summary>How many reads began after a removal was acknowledged and were given what was older.</summary>
    public async Task<int> RunAsync()
    {
        var entry = Kinds[_random.Next(Kinds.Length)];
        await Task.WhenAll(Enumerable.Range(0, 6 + _random.Next(10)).Select(_ => _random.Next(3) == 0
            ? WriteAsync(caches[_random.Next(caches.Count)], _random.Next(25))
            : ReadAsync(caches[_random.Next(caches.Count)], entry, _random.Next(40), _random.Next(15), _random.Next(8) == 0)).ToArray());
        return _violations;
    }

    private async Task WriteAsync(IResponseCache cache, int delay)
    {
        await PassAsync(delay);
        var version = Interlocked.Increment(ref _source);
        if (await cache.RemoveAsync(key))
        {
            for (var known = _acknowledged; known < version; known = _acknowledged)
            {
                Interlocked.CompareExchange(ref _acknowledged, version, known);
            }
        }
    }

    private async Task ReadAsync(IResponseCache cache, CacheEntryOptions entry, int delay, int load, bool fails)
    {
        await PassAsync(delay);
        var expected = Volatile.Read(ref _acknowledged);
        try
        {
            using var response = await cache.GetOrCreateAsync(key, entry, (this, load, fails), static async (state, _) =>
            {
                var version = Volatile.Read(ref state.Item1._source);
                await PassAsync(state.load);
                return state.fails ? throw new TimeoutException() : new SourceResponse(BitConverter.GetBytes(version));
            });
            if (BitConverter.ToInt32(response.Body.Span) < expected)
            {
                Interlocked.Increment(ref _violations);
            }
        }
        catch (TimeoutException)
        {
            // The source's own failure, and nothing was served.
        }
    }

    // Only to have them come in another order each time: nothing is waited for.
    private static Task PassAsync(int milliseconds) => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);
}
