using RedisResilience.Caching;

namespace RedisResilience.Tests.Caching.Simulation;

/// <summary>Readers, writers and invalidators in several processes over one server, in one order of events out of many.</summary>
/// <remarks>
/// The moves: reads of a page, whose loads may be slow, may fail, and may ask the cache for the page itself or for a part of it;
/// conditional reads; removals by key, tag, namespace, or of all; any one key lost, the library's own included; entries prolonged;
/// processes that begin anew; news of others' changes that come late or not at all. The clock goes on by itself, and jumps.
/// </remarks>
internal sealed class InvalidationSchedule
{
    private const int Processes = 3;

    private readonly int _seed;
    private readonly SimulatedRedis _redis;
    private readonly Random _random;
    private readonly ScheduleTerms _terms;
    private readonly Acknowledgements _acknowledged;
    private readonly List<SimulatedNews> _news = [];
    private readonly SimulatedProcess[] _processes;
    private volatile Held _held = new("", 0);
    private int _source;

    public InvalidationSchedule(int seed, SimulatedRedis redis)
    {
        (_seed, _redis, _random) = (seed, redis, new Random(seed));
        _terms = new ScheduleTerms(_random);
        _acknowledged = new Acknowledgements(redis.Clock, _terms.Slack);
        _processes = [.. Enumerable.Range(0, Processes).Select(_ => NewProcess())];
    }

    /// <summary>How many reads began after a removal was acknowledged and were given what was older.</summary>
    public async Task<int> RunAsync()
    {
        var all = Task.WhenAll([
            .. Enumerable.Range(0, 4 + Next(10)).Select(_ => MoveAsync()),
            .. Enumerable.Range(0, Next(3)).Select(_ => LoseAsync(Next(40), isOfEntries: true)),
            LoseAsync(Next(40), isOfEntries: false)]);
        var started = TimeProvider.System.GetTimestamp();
        while (!all.IsCompleted)
        {
            Assert.That(TimeProvider.System.GetElapsedTime(started), Is.LessThan(Patience.Limit), $"schedule {_seed} does not end");
            _redis.Clock.Advance(TimeSpan.FromMilliseconds(Next(30) == 0 ? Next(2) == 0 ? 25 : 1200 : Next(4)));
            await HostileNetwork.PassAsync(1 + Next(4));
        }

        await all;
        return _acknowledged.Violations;
    }

    private SimulatedProcess NewProcess() =>
        new(_redis, new HostileNetwork(_random, Next(25)), _terms.Options, new SimulatedNews(_news, _random));

    private async Task MoveAsync()
    {
        var (move, which, delay, way) = (Next(14), Next(Processes), Next(30), Next(2));
        var load = new Load(Next(12), Next(5), Next(8) == 0);
        await HostileNetwork.PassAsync(delay);
        var process = _processes[which];
        await (move switch
        {
            < 5 => WriteAsync(process, load.Steps / 2, way),
            < 7 => RevalidateAsync(process, 0),
            7 when way == 0 => process.News.BreakAsync(load.Steps),
            7 => process.Cache.ExtendAsync(_terms.Page, TimeSpan.FromMilliseconds(50)).AsTask(),
            8 when way == 0 => Task.FromResult(_processes[which] = NewProcess()),
            _ => ReadAsync(process, load),
        });
    }

    private async Task WriteAsync(SimulatedProcess process, int steps, int way)
    {
        var version = Interlocked.Increment(ref _source);
        await HostileNetwork.PassAsync(steps);
        if (await _terms.RemoveAsync(process.Cache, way))
        {
            _acknowledged.Add(version, process);
        }
    }

    // Any one key may be evicted, the library's own included; and of entries and leases any number.
    private async Task LoseAsync(int delay, bool isOfEntries)
    {
        await HostileNetwork.PassAsync(delay);
        var keys = _redis.Keys.Where(key => !isOfEntries || !key.Contains("redisresilience:", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).ToArray();
        if (keys.Length > 0)
        {
            _redis.Store.Lose(keys[Next(keys.Length)]);
        }
    }

    private async Task ReadAsync(SimulatedProcess process, Load load)
    {
        try
        {
            await GetAsync(process, _terms.Page, load);
            await RevalidateAsync(process, load.Steps);
        }
        catch (Exception exception) when (exception is TimeoutException or SourceOverloadedException)
        {
            // The source's own failure, or its bounds, and nothing was served.
        }
    }

    private async Task<int> GetAsync(SimulatedProcess process, string key, Load load)
    {
        var oldest = _acknowledged.OldestFor(process);
        using var response = await process.Cache.GetOrCreateAsync(
            key, _terms.Entry, (this, process, load), static (state, _) => state.Item1.LoadAsync(state.process, state.load));
        var given = BitConverter.ToInt32(response.Body.Span);
        _acknowledged.Check(given, oldest);
        return given;
    }

    private async ValueTask<SourceResponse> LoadAsync(SimulatedProcess process, Load load)
    {
        var version = Volatile.Read(ref _source);
        await HostileNetwork.PassAsync(load.Steps);
        if (_terms.AreLoadsSlow)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20 * load.Steps), _redis.Clock);
        }

        // A part of this load, and answered by itself; or a part of the page, and whoever comes for that alone joins it.
        var inner = load with { Inside = 0, Fails = false };
        if (load.Inside == 1)
        {
            await GetAsync(process, _terms.Page, inner);
        }
        else if (load.Inside == 2)
        {
            var part = await GetAsync(process, _terms.Part, inner);

            // Where a read may be given what is a little old, a page that is made of it is so for its whole life.
            version = _terms.Slack == TimeSpan.Zero ? Math.Min(version, part) : version;
        }

        return load.Fails ? throw new TimeoutException() : _terms.Answer(version);
    }

    // A client that held a body asks whether it is still the one; and holds what it is given.
    private async Task RevalidateAsync(SimulatedProcess process, int delay)
    {
        await HostileNetwork.PassAsync(delay);
        var (held, oldest) = (_held, _acknowledged.OldestFor(process));
        using var response = await process.Cache.GetIfNoneMatchAsync(_terms.Page, held.Tag);
        if (response.IsUnchanged)
        {
            _acknowledged.Check(held.Version, oldest);
        }
        else if (response.HasBody)
        {
            var version = BitConverter.ToInt32(response.Body.Span);
            _acknowledged.Check(version, oldest);
            _held = new Held(response.BodyETag!, version);
        }
    }

    private int Next(int limit)
    {
        lock (_random)
        {
            return _random.Next(limit);
        }
    }

    private readonly record struct Load(int Steps, int Inside, bool Fails);

    private sealed record Held(string Tag, int Version);
}
