using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.Gateway;

/// <summary>A slot of a cluster moves while its keys are in use. The server that is asked names the one that has them, and that one is
/// asked. No connection is lost by it, and with it no answer to anybody else.</summary>
public sealed class MovedSlotTests
{
    private const int Moves = 4;
    private static readonly RateLimit Window = RateLimit.FixedWindow(1000, TimeSpan.FromHours(1));
    private static readonly CacheEntryOptions Hour = new(TimeSpan.FromHours(1));

    [Test]
    public async Task KeyOfASlotThatHasMoved_IsFollowed()
    {
        await using var cluster = await RedisCluster.StartAsync();
        await using var service = await ResilientService.ConnectPatientlyAsync(cluster.ConnectionString);
        var key = await cluster.KeyOfAsync(master: 0);
        var slot = await cluster.SlotOfAsync(key);
        var owner = 0;
        for (var move = 0; move < Moves; move++)
        {
            // Each call is the first to meet a move.
            await MoveAsync();
            var decision = await service.Limiter.AcquireAsync(key, Window);
            Assert.That((decision.Source, decision.Remaining), Is.EqualTo((DecisionSource.Redis, Window.Permits - move - 1)));
            await MoveAsync();
            Assert.That(await service.Cache.SetAsync(key, NewResponse(), Hour), Is.True);
            await MoveAsync();
            using var cached = await service.Cache.GetAsync(key);
            Assert.That(cached.IsHit, Is.True);
            await MoveAsync();
            using var filled = await service.Cache.GetOrCreateAsync(
                $"{key}:{move}", Hour, 0, (_, _) => ValueTask.FromResult(NewResponse()));
            await Until.TrueAsync(() => IsThereAsync($"{key}:{move}"), () => "what was filled is not stored");
        }

        AssertNothingLost(service);

        async Task<bool> IsThereAsync(string filled)
        {
            using var cached = await service.Cache.GetAsync(filled);
            return cached.IsHit;
        }

        async Task MoveAsync()
        {
            var next = 1 - owner;
            await cluster.MigrateAsync(slot, owner, next);
            owner = next;
        }
    }

    [Test]
    public async Task NewKeyOfASlotThatIsOnItsWay_IsFollowed()
    {
        await using var cluster = await RedisCluster.StartAsync();
        await using var service = await ResilientService.ConnectPatientlyAsync(cluster.ConnectionString);
        var key = await cluster.KeyOfAsync(master: 0);
        await cluster.BeginMigrationAsync(await cluster.SlotOfAsync(key), from: 0, to: 1);
        for (var call = 1; call <= Moves; call++)
        {
            var decision = await service.Limiter.AcquireAsync(key, Window);
            Assert.That((decision.Source, decision.Remaining), Is.EqualTo((DecisionSource.Redis, Window.Permits - call)));
            using var cached = await service.Cache.GetAsync(key);
            Assert.That(cached.IsHit, Is.False);
        }

        AssertNothingLost(service);
    }

    private static SourceResponse NewResponse() => new("body"u8.ToArray());

    private static void AssertNothingLost(ResilientService service)
    {
        Assert.That(service.Events, Has.None.AnyOf(Log.ShardUnavailableId, Log.UnavailableId, Log.RefusedId));
        Assert.That(service.Status.Current.ShardsAway, Is.Zero);
    }
}
