using RedisResilience.Caching;
using RedisResilience.Caching.Stores;
using RedisResilience.RaceTests.Scheduling;
using RedisResilience.Tests.Caching;
using RedisResilience.Tests.Caching.Simulation;

namespace RedisResilience.RaceTests.Races;

/// <summary>Pages that ask for a fragment inside their loads hold all permits, and somebody outside asks for it too: all are answered,
/// and none
/// has to wait until somebody's patience is over.</summary>
internal sealed class NestedLoadRace : Race
{
    private static readonly CacheEntryOptions Minute = new(TimeSpan.FromMinutes(1)) { MaximumFillWait = TimeSpan.FromDays(1) };
    private static readonly SourceResponse Fragment = new(new byte[] { 7 });

    private Interleaving _run = null!;
    private ResponseCache _cache = null!;
    private DateTimeOffset _began;

    public override void Begin(Interleaving run)
    {
        _run = run;
        var redis = new SimulatedRedis();
        (run.Clock, _began) = (redis.Clock, redis.Clock.GetUtcNow());
        _cache = Caches.Over(
            new SimulatedGateway(redis, new RacingNetwork(run)), timeProvider: redis.Clock,
            options: new RedisResilienceOptions { MaximumConcurrentLoads = 2 });
        run.Start(() => PageAsync("page:1"));
        run.Start(() => PageAsync("page:2"));
        run.Start(FragmentAsync);
        run.Start(FragmentAsync);
    }

    public override void Check() =>
        Interleaving.Require(_run.Clock.GetUtcNow() - _began < TimeSpan.FromMinutes(1), "somebody waited for his patience to end");

    private async Task PageAsync(string key)
    {
        using var page = await _cache.GetOrCreateAsync(key, Minute, this, static async (race, _) =>
        {
            await race._run.YieldAsync();
            await race.FragmentAsync();
            return Fragment;
        });
        Interleaving.Require(page.Body.Span[0] == 7, "a page without its body");
    }

    private async Task FragmentAsync()
    {
        using var fragment = await _cache.GetOrCreateAsync("fragment", Minute, this, static async (race, _) =>
        {
            await race._run.YieldAsync();
            return Fragment;
        });
        Interleaving.Require(fragment.Body.Span[0] == 7, "a fragment without its body");
    }
}
