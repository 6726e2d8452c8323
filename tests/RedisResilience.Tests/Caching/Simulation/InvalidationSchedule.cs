using RedisResilience.Caching;
using RedisResilience.Caching.Stores;

namespace RedisResilience.Tests.Caching.Simulation;

/// <summary>Readers, writers and invalidators in several processes over one server, in one order of events out of many.</summary>
internal sealed class InvalidationSchedule(int seed, SimulatedRedis redis)
{
    private const int Processes = 3;

    private static readonly CacheEntryOptions[] Kinds =
    [
        new(TimeSpan.FromMilliseconds(40)) { LeaseTime = TimeSpan.FromMilliseconds(15), MaximumFillWait = TimeSpan.FromMilliseconds(20) },
        new(TimeSpan.FromMilliseconds(10))
        {
            LeaseTime = TimeSpan.FromMilliseconds(
            15), MaximumFillWait = TimeSpan.FromMilliseconds(20), StaleWhileRevalidate = TimeSpan.FromMilliseconds(20),
            StaleIfError = TimeSpan.FromMilliseconds(30), ErrorCoolDown = TimeSpan.FromMilliseconds(5), EarlyRefreshFactor = 1,
        },
    ];

    private readonly Random _random = new(seed);

    // What is removed: the entry, everything with its tag (which the caller or the source's answer names), its namespace, or all there is.
    private readonly string _by = new[] { "key", "key", "tag", "told tag", "namespace", "all" }[(seed & int.MaxValue) % 6];

    // With a namespace, whose version is asked for each time, and without.
    private readonly string _key = (seed & int.MaxValue) % 6 is 0 or 2 or 4 ? "predictions:v1:AAPL" : "AAPL";
    private volatile Held _held = new("", 0);
    private int _source;
    private int _acknowledged;
    private int _violations;

    /// <summary>How many reads began after a removal was acknowledged and were given what was older.</summary>
    public async Task<int> RunAsync()
    {
        var options = new RedisResilienceOptions { MaximumVersionAge = TimeSpan.Zero };
        var caches = Enumerable.Range(0, Processes)
            .Select(_ => Caches.Over(
                new SimulatedGateway(redis, new HostileNetwork(_random, Next(25))), timeProvider: redis.Clock, options: options)).ToArray();
        var entry = Kinds[Next(Kinds.Length)] with { Tags = _by == "tag" ? ["tag"] : [] };
        var work = Enumerable.Range(0, 4 + Next(10)).Select(_ => Next(3) == 0
            ? WriteAsync(caches[Next(Processes)], Next(12))
            : Next(3) == 0 ? RevalidateAsync(caches[Next(Processes)], Next(30))
            : ReadAsync(caches[Next(Processes)], entry, Next(30), Next(12), Next(8) == 0)).ToArray();
        var all = Task.WhenAll([.. work, LoseAsync(Next(40), Next(3))]);
        var started = TimeProvider.System.GetTimestamp();
        while (!all.IsCompleted)
        {
            Assert.That(TimeProvider.System.GetElapsedTime(started), Is.LessThan(Patience.Limit), $"schedule {seed} does not end");
            redis.Clock.Advance(TimeSpan.FromMilliseconds(Next(4)));
            await HostileNetwork.PassAsync(1 + Next(4));
        }

        await all;
        return _violations;
    }

    private async Task WriteAsync(ResponseCache cache, int delay)
    {
        await HostileNetwork.PassAsync(delay);
        var version = Interlocked.Increment(ref _source);
        await HostileNetwork.PassAsync(delay / 2);
        if (await RemoveAsync(cache))
        {
            for (var known = _acknowledged; known < version; known = _acknowledged)
            {
                Interlocked.CompareExchange(ref _acknowledged, version, known);
            }
        }
    }

    private ValueTask<bool> RemoveAsync(ResponseCache cache) => _by switch
    {
        "tag" or "told tag" => cache.RemoveByTagAsync("tag"),
        "namespace" => cache.RemoveNamespaceAsync("predictions:v1"),
        "all" => cache.ClearAsync(),
        _ => cache.RemoveAsync(_key),
    };

    // Any one of the library's own keys may be evicted.
    private async Task LoseAsync(int delay, int which)
    {
        await HostileNetwork.PassAsync(delay);
        var version = _by switch
        {
            "tag" or "told tag" => "redisresilience:tag:tag",
            "namespace" => "redisresilience:namespace:predictions:v1",
            _ => "redisresilience:namespace:all",
        };
        redis.Store.Lose(which switch { 0 => version, 1 => $"{{{version}}}:copy", _ => $"{{{_key}}}:lease" });
    }

    private async Task ReadAsync(ResponseCache cache, CacheEntryOptions entry, int delay, int load, bool fails)
    {
        await HostileNetwork.PassAsync(delay);
        var expected = Volatile.Read(ref _acknowledged);
        try
        {
            using var response = await cache.GetOrCreateAsync(_key, entry, (this, load, fails, cache, entry), static async (state, _) =>
            {
                var version = Volatile.Read(ref state.Item1._source);
                await HostileNetwork.PassAsync(state.load);
                if (state.load % 4 == 1)
                {
                    // A part of this load, and answered by itself.
                    using var inner = await state.cache.GetOrCreateAsync(state.Item1._key, state.entry, state.Item1, static (schedule, _) =>
                        new ValueTask<SourceResponse>(schedule.Answer(Volatile.Read(ref schedule._source))), CancellationToken.None);
                }

                return state.fails ? throw new TimeoutException() : state.Item1.Answer(version);
            });
            Check(BitConverter.ToInt32(response.Body.Span), expected);
            await RevalidateAsync(cache, load);
        }
        catch (TimeoutException)
        {
            // The source's own failure, and nothing was served.
        }
    }

    // A client that held a body asks whether it is still the one; and holds what it is given.
    private async Task RevalidateAsync(ResponseCache cache, int delay)
    {
        await HostileNetwork.PassAsync(delay);
        var (held, expected) = (_held, Volatile.Read(ref _acknowledged));
        using var response = await cache.GetIfNoneMatchAsync(_key, held.Tag);
        if (response.IsUnchanged)
        {
            Check(held.Version, expected);
        }
        else if (response.HasBody)
        {
            var version = BitConverter.ToInt32(response.Body.Span);
            Check(version, expected);
            _held = new Held(response.BodyETag!, version);
        }
    }

    private void Check(int version, int expected)
    {
        if (version < expected)
        {
            Interlocked.Increment(ref _violations);
        }
    }

    private SourceResponse Answer(int version) => new(Body(version)) { Tags = _by == "told tag" ? ["tag"] : null };

    // So long that it is worth leaving out.
    private static byte[] Body(int version)
    {
        var body = new byte[4096];
        BitConverter.TryWriteBytes(body, version);
        return body;
    }

    private int Next(int limit)
    {
        lock (_random)
        {
            return _random.Next(limit);
        }
    }

    private sealed record Held(string Tag, int Version);
}
