using System.Diagnostics.CodeAnalysis;
using RedisResilience.Caching;
using RedisResilience.Caching.Stores;
using RedisResilience.RaceTests.Scheduling;
using RedisResilience.Tests.Caching;
using RedisResilience.Tests.Caching.Reading;
using RedisResilience.Tests.Caching.Simulation;

namespace RedisResilience.RaceTests.Races;

/// <summary>Callers of one key in two processes, one of whom leaves, while it is removed: all are answered, nobody with what is older than
/// a removal that was acknowledged before he asked or out of a buffer that has been given back, and no buffer goes back twice.</summary>
[SuppressMessage(
    "Reliability", "CA1001", Justification = "A race ends with its interleaving, and nothing of it is anybody's after that.")]
internal sealed class FillRace : Race
{
    private const int Callers = 4;
    private static readonly CacheEntryOptions Minute = new(TimeSpan.FromMinutes(1));

    private readonly List<LentBuffer> _lent = [];
    private readonly CancellationTokenSource _leaving = new();
    private readonly ResponseCache[] _processes = new ResponseCache[2];
    private Interleaving _run = null!;
    private byte _version = 1;
    private byte _acknowledged;

    public override void Begin(Interleaving run)
    {
        _run = run;
        var redis = new SimulatedRedis();
        run.Clock = redis.Clock;
        for (var process = 0; process < _processes.Length; process++)
        {
            _processes[process] = Caches.Over(
                new SimulatedGateway(redis, new RacingNetwork(run)), timeProvider: redis.Clock,
                options: new RedisResilienceOptions { MaximumVersionAge = TimeSpan.Zero });
        }

        for (var caller = 0; caller < Callers; caller++)
        {
            var (process, token) = (_processes[caller / 3], caller == 0 ? _leaving.Token : CancellationToken.None);
            run.Start(() => CallAsync(process, token));
        }

        run.Start(() => Points.Cancel(_leaving));
        run.Start(() => RemoveAsync(_processes[0]));
    }

    public override void Check() =>
        Interleaving.Require(_lent.TrueForAll(static buffer => buffer.Returns <= 1), "a buffer went back twice");

    private async Task CallAsync(ResponseCache cache, CancellationToken token)
    {
        for (var call = 0; call < 2; call++)
        {
            var atLeast = _acknowledged;
            try
            {
                using var response = await cache.GetOrCreateAsync("key", Minute, this, static (race, _) => race.LoadAsync(), token);
                _run.Reach();
                var body = response.Body.Span;
                Interleaving.Require(body[0] == body[^1] && body[0] != 0xDD, "a buffer was given back under its reader");
                Interleaving.Require(body[0] > atLeast, "a response is older than a removal that was acknowledged");
            }
            catch (OperationCanceledException) when (token.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async ValueTask<SourceResponse> LoadAsync()
    {
        await _run.YieldAsync();
        var buffer = new LentBuffer([_version, 0, 0, _version]);
        _lent.Add(buffer);
        await _run.YieldAsync();
        return new SourceResponse(buffer.Memory, buffer);
    }

    private async Task RemoveAsync(ResponseCache cache)
    {
        for (var removal = 0; removal < 2; removal++)
        {
            await _run.YieldAsync();
            var version = _version++;
            Interleaving.Require(await cache.RemoveAsync("key"), "a removal was not acknowledged");
            _acknowledged = Math.Max(_acknowledged, version);
        }
    }
}
