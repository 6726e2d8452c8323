using RedisResilience.Caching;
using RedisResilience.Tests.Caching.Simulation;

namespace RedisResilience.Tests.Caching;

internal sealed class StaleTests
{
    private static readonly CacheEntryOptions Revalidating = new(TimeSpan.FromSeconds(60))
    {
        StaleWhileRevalidate = TimeSpan.FromSeconds(30),
    };
    private static readonly CacheEntryOptions Forgiving = new(TimeSpan.FromSeconds(60))
    {
        StaleIfError = TimeSpan.FromSeconds(30),
        ErrorCoolDown = TimeSpan.FromSeconds(2),
    };

    private readonly SimulatedRedis _redis = new();
    private readonly SimulatedNode _node;

    public StaleTests() => _node = new SimulatedNode(_redis);

    [Test]
    public async Task WithinTheWindow_StaleIsServedAndRefreshedOnce()
    {
        await _node.GetOrCreateAsync("key", Revalidating);
        _redis.Clock.Advance(TimeSpan.FromSeconds(61));
        var gate = new TaskCompletionSource();
        _node.Source = async (asked, _) =>
        {
            await gate.Task;
            return SimulatedNode.Body($"{asked}");
        };
        for (var read = 0; read < 5; read++)
        {
            Assert.That(await _node.GetOrCreateAsync("key", Revalidating), Is.EqualTo((CacheOutcome.Stale, "1")));
        }

        gate.SetResult();
        await Eventually.BecomesTrueAsync(async () => await _node.GetOrCreateAsync("key", Revalidating) == (CacheOutcome.Hit, "2"));
        Assert.That(_node.Asked, Is.EqualTo(2));
    }

    [Test]
    public async Task BeyondTheWindow_TheSourceIsWaitedFor()
    {
        await _node.GetOrCreateAsync("key", Revalidating);
        _redis.Clock.Advance(TimeSpan.FromSeconds(91));
        Assert.That(await _node.GetOrCreateAsync("key", Revalidating), Is.EqualTo((CacheOutcome.Created, "2")));
    }

    [Test]
    public async Task PlainRead_IsNotGivenAStaleEntry()
    {
        await _node.GetOrCreateAsync("key", Revalidating);
        Assert.That(await _node.HasAsync("key"), Is.True);
        _redis.Clock.Advance(TimeSpan.FromSeconds(61));
        using var read = await _node.Cache.GetAsync("key");
        Assert.That((read.IsHit, read.HasBody, read.Outcome), Is.EqualTo((false, false, CacheOutcome.Expired)));
        _redis.Clock.Advance(TimeSpan.FromSeconds(30));
        using var later = await _node.Cache.GetAsync("key");
        Assert.That(later.Outcome, Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task ReadOfAnyAge_IsGivenAStaleEntry_AndAsksNobody()
    {
        await _node.GetOrCreateAsync("key", Forgiving);
        using (var fresh = await _node.Cache.GetStaleAsync("key"))
        {
            Assert.That((fresh.Outcome, fresh.Age), Is.EqualTo((CacheOutcome.Hit, (TimeSpan?)TimeSpan.Zero)));
        }

        _redis.Clock.Advance(TimeSpan.FromSeconds(61));
        using (var stale = await _node.Cache.GetStaleAsync("key"))
        {
            Assert.That(
                (stale.Outcome, stale.HasBody, stale.Age), Is.EqualTo((CacheOutcome.Stale, true, (TimeSpan?)TimeSpan.FromSeconds(61))));
        }

        _redis.Clock.Advance(TimeSpan.FromSeconds(30));
        using var gone = await _node.Cache.GetStaleAsync("key");
        Assert.That((gone.Outcome, _node.Asked), Is.EqualTo((CacheOutcome.Miss, 1)));
    }

    [Test]
    public async Task RefreshInTheForeground_IsTheCallersOwnAndOthersGetTheStaleOne()
    {
        var options = Revalidating with { RefreshInForeground = true };
        await _node.GetOrCreateAsync("key", options);
        _redis.Clock.Advance(TimeSpan.FromSeconds(61));
        var gate = new TaskCompletionSource();
        _node.Source = async (asked, _) =>
        {
            await gate.Task;
            return SimulatedNode.Body($"{asked}");
        };
        var winner = _node.GetOrCreateAsync("key", options);
        Assert.That(await new SimulatedNode(_redis).GetOrCreateAsync("key", options), Is.EqualTo((CacheOutcome.Stale, "1")));
        Assert.That(await _node.GetOrCreateAsync("key", options), Is.EqualTo((CacheOutcome.Stale, "1")));
        gate.SetResult();
        Assert.That(await winner.WaitAsync(Patience.Limit), Is.EqualTo((CacheOutcome.Created, "2")));
    }

    [Test]
    public async Task SourceFails_TheStaleEntryIsServedAndTheSourceLeftAlone()
    {
        await _node.GetOrCreateAsync("key", Forgiving);
        _redis.Clock.Advance(TimeSpan.FromSeconds(61));
        _node.Source = static (_, _) => throw new TimeoutException();
        for (var read = 0; read < 3; read++)
        {
            Assert.That(await _node.GetOrCreateAsync("key", Forgiving), Is.EqualTo((CacheOutcome.Stale, "1")));
        }

        Assert.That(_node.Asked, Is.EqualTo(2), "the source was not left alone");
        _redis.Clock.Advance(TimeSpan.FromSeconds(3));
        _node.Source = static (asked, _) => new ValueTask<SourceResponse>(SimulatedNode.Body($"{asked}"));
        Assert.That(await _node.GetOrCreateAsync("key", Forgiving), Is.EqualTo((CacheOutcome.Created, "3")));
    }

    [Test]
    public async Task SourceFailsBeyondTheWindow_TheCallerSeesIt()
    {
        await _node.GetOrCreateAsync("key", Forgiving);
        _redis.Clock.Advance(TimeSpan.FromSeconds(91));
        _node.Source = static (_, _) => throw new TimeoutException();
        Assert.That(() => _node.GetOrCreateAsync("key", Forgiving), Throws.InstanceOf<TimeoutException>());
    }

    [Test]
    public async Task RemovedEntry_IsNotServedStale()
    {
        await _node.GetOrCreateAsync("key", Forgiving);
        await _node.Cache.RemoveAsync("key");
        _node.Source = static (_, _) => throw new TimeoutException();
        Assert.That(() => _node.GetOrCreateAsync("key", Forgiving), Throws.InstanceOf<TimeoutException>());
    }

    [Test]
    public async Task EarlyRefresh_ComesBeforeTheEnd()
    {
        var eager = new CacheEntryOptions(TimeSpan.FromSeconds(60)) { EarlyRefreshFactor = 100 };
        _node.Source = (asked, _) =>
        {
            _redis.Clock.Advance(TimeSpan.FromSeconds(5));
            return new ValueTask<SourceResponse>(SimulatedNode.Body($"{asked}"));
        };
        await _node.GetOrCreateAsync("key", eager);

        // A load of 5 s and an eagerness of 100: with 60 s to go the next reader refreshes it with a probability of e^(-60/500).
        await Eventually.BecomesTrueAsync(
            async () => (await _node.GetOrCreateAsync("key", eager)).Outcome == CacheOutcome.Hit && _node.Asked > 1);
    }

    [Test]
    public async Task Jitter_ShortensTheLifeAtMostByItsShare()
    {
        for (var entry = 0; entry < 100; entry++)
        {
            await _node.GetOrCreateAsync($"key{entry}", new CacheEntryOptions(TimeSpan.FromSeconds(60)) { JitterFactor = 0.5 });
            using var response = await _node.Cache.GetWithTimeToLiveAsync($"key{entry}");
            Assert.That(response.TimeToLive, Is.InRange(TimeSpan.FromSeconds(29.9), TimeSpan.FromSeconds(60)));
        }
    }

    [Test]
    public async Task SourcesOwnTimeToLive_GoesBeforeTheOptions()
    {
        _node.Source = static (_, _) =>
            new ValueTask<SourceResponse>(new SourceResponse(new byte[] { 1 }) { TimeToLive = TimeSpan.FromSeconds(5) });
        await _node.GetOrCreateAsync("key", Revalidating);
        _redis.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.That(await _node.HasAsync("key"), Is.False);
        _node.Source = static (_, _) => new ValueTask<SourceResponse>(new SourceResponse(new byte[] { 1 }) { TimeToLive = TimeSpan.Zero });
        await _node.GetOrCreateAsync("other", Revalidating);
        Assert.That(await _node.HasAsync("other"), Is.False);
    }
}
