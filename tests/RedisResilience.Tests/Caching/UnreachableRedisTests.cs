using Moq;
using RedisResilience.Caching;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Recovery;
using RedisResilience.Tests.Caching.Simulation;

namespace RedisResilience.Tests.Caching;

internal sealed class UnreachableRedisTests
{
    private static readonly CacheEntryOptions Plain = new(TimeSpan.FromMinutes(10));

    private readonly SimulatedRedis _redis = new();
    private readonly SimulatedNode _node;

    public UnreachableRedisTests() => _node = new SimulatedNode(_redis, options =>
    {
        options.MaximumConcurrentLoads = 2;
        options.MaximumQueuedLoads = 3;
        options.MaximumRememberedInvalidations = 2;
    });

    [Test]
    public async Task RemovalThatWasNotAcknowledged_IsMadeGoodBeforeTheKeyIsRead()
    {
        await _node.GetOrCreateAsync("key", Plain);
        _node.Network.Fault = Fault.CircuitOpen;
        Assert.That(await _node.Cache.RemoveAsync("key"), Is.False);
        _node.Network.Fault = Fault.None;
        Assert.That(await _node.HasAsync("key"), Is.False);
        Assert.That(await new SimulatedNode(_redis).HasAsync("key"), Is.False);
    }

    [Test]
    public async Task RemovalsThatWereNotAcknowledged_AreMadeGoodBeforeTheCircuitCloses()
    {
        var network = new PerfectNetwork();
        var recovery = new Mock<IRedisRecovery>();
        var steps = new List<IRecoveryStep>();
        recovery.Setup(stub => stub.Add(It.IsAny<IRecoveryStep>())).Callback(steps.Add);
        var cache = Caches.Over(new SimulatedGateway(_redis, network), timeProvider: _redis.Clock, recovery: recovery.Object);
        var tagged = Plain with { Tags = ["tag"] };
        foreach (var (key, options) in new[] { ("a", Plain), ("b", tagged), ("c:v1:x", Plain) })
        {
            await cache.SetAsync(key, SimulatedNode.Body("old"), options);
        }

        network.Fault = Fault.CircuitOpen;
        Assert.That((await cache.RemoveAsync("a"), await cache.RemoveByTagAsync("tag"), await cache.RemoveNamespaceAsync("c:v1")), Is
            .EqualTo((false, false, false)));
        foreach (var step in steps)
        {
            Assert.That(await step.RunAsync(new SimulatedGateway(_redis)), Is.True);
        }

        var other = new SimulatedNode(_redis);
        Assert.That(
            (await other.HasAsync("a"), await other.HasAsync("b"), await other.HasAsync("c:v1:x")), Is.EqualTo((false, false, false)));
    }

    [Test]
    public async Task MoreRemovalsThanAreRemembered_RaiseTheNamespace()
    {
        for (var key = 0; key < 5; key++)
        {
            await _node.GetOrCreateAsync($"predictions:v1:{key}", Plain);
        }

        _node.Network.Fault = Fault.CircuitOpen;
        for (var key = 0; key < 4; key++)
        {
            Assert.That(await _node.Cache.RemoveAsync($"predictions:v1:{key}"), Is.False);
        }

        _node.Network.Fault = Fault.None;
        for (var key = 0; key < 5; key++)
        {
            Assert.That(await _node.HasAsync($"predictions:v1:{key}"), Is.False);
        }
    }

    [Test]
    public async Task RedisAway_TheSourceSeesABoundedLoad()
    {
        _node.Network.Fault = Fault.CircuitOpen;
        var gate = new TaskCompletionSource();
        var (now, most) = (0, 0);
        _node.Source = async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await gate.Task;
            Interlocked.Decrement(ref now);
            return SimulatedNode.Body("x");
        };
        var calls = Enumerable.Range(0, 50).Select(key => _node.GetOrCreateAsync($"key{key}", Plain)).ToArray();
        var refused = calls.Count(call => call.IsFaulted && call.Exception!.InnerException is SourceOverloadedException);
        gate.SetResult();
        await Task.WhenAll(calls.Where(call => !call.IsFaulted)).WaitAsync(Patience.Limit);
        Assert.That((most, refused), Is.EqualTo((2, 45)));
    }

    [Test]
    public async Task RedisAway_CallersOfOneKeyShareALoad()
    {
        _node.Network.Fault = Fault.CircuitOpen;
        var gate = new TaskCompletionSource();
        _node.Source = async (_, _) =>
        {
            await gate.Task;
            return SimulatedNode.Body("x");
        };
        var calls = Enumerable.Range(0, 50).Select(_ => _node.GetOrCreateAsync("key", Plain)).ToArray();
        gate.SetResult();
        await Task.WhenAll(calls).WaitAsync(Patience.Limit);
        Assert.That(_node.Asked, Is.EqualTo(1));
    }

    [Test]
    public async Task LoadInsideALoad_NeedsNoPermitOfItsOwn()
    {
        var node = new SimulatedNode(_redis, options => (options.MaximumConcurrentLoads, options.MaximumQueuedLoads) = (1, 0));
        using var response = await node.Cache.GetOrCreateAsync("outer", Plain, node, static async (node, token) =>
            SimulatedNode.Body((await node.GetOrCreateAsync("inner", Plain, token)).Body)).AsTask().WaitAsync(Patience.Limit);
        Assert.That(response.Outcome, Is.EqualTo(CacheOutcome.Created));
    }

    [Test]
    public async Task OutOfMemory_WritesPauseAndReadsGoOn()
    {
        await _node.GetOrCreateAsync("key", Plain);
        Assert.That(await _node.Cache.SetAsync("other", SimulatedNode.Body("old"), Plain), Is.True);
        _node.Network.Fault = Fault.OutOfMemory;
        Assert.That(await _node.Cache.SetAsync("other", SimulatedNode.Body("x"), Plain), Is.False);
        _node.Network.Fault = Fault.None;
        Assert.That(await _node.Cache.SetAsync("other", SimulatedNode.Body("x"), Plain), Is.False);
        Assert.That(await _node.HasAsync("other"), Is.False, "it is not stored, and what is older is not served in its place");
        Assert.That(await _node.HasAsync("key"), Is.True);
        _redis.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.That(await _node.Cache.SetAsync("other", SimulatedNode.Body("x"), Plain), Is.True);
    }

    [Test]
    public async Task FillerThatHasDied_IsNoticedWhenItsLeaseEnds()
    {
        // Another process has taken the lease, and nothing more is heard of it.
        await _redis.Store.AcquireAsync(
            "key", new RedisResilience.Caching.Stores.LeaseRequest(1, TimeSpan.FromMilliseconds(50), false, default));
        var call = _node.GetOrCreateAsync("key", Plain with { MaximumFillWait = TimeSpan.FromDays(1) });
        await Eventually.BecomesTrueAsync(() =>
        {
            // The clock runs while nobody looks: the lease must be found at its end long before the caller's own patience is over.
            _redis.Clock.Advance(TimeSpan.FromMilliseconds(10));
            return Task.FromResult(call.IsCompleted);
        });
        Assert.That(await call.WaitAsync(Patience.Limit), Is.EqualTo((CacheOutcome.Created, "1")));
        Assert.That(await _node.HasAsync("key"), Is.True, "it was loaded without the lease");
    }

    [Test]
    public async Task FillerThatTakesTooLong_IsNotWaitedForForEver()
    {
        await _redis.Store.AcquireAsync("key", new RedisResilience.Caching.Stores.LeaseRequest(1, TimeSpan.FromHours(1), false, default));
        var call = _node.GetOrCreateAsync("key", Plain);
        await Eventually.BecomesTrueAsync(() =>
        {
            _redis.Clock.Advance(TimeSpan.FromMilliseconds(100));
            return Task.FromResult(call.IsCompleted);
        });
        Assert.That(await call.WaitAsync(Patience.Limit), Is.EqualTo((CacheOutcome.Created, "1")));
        Assert.That(await _node.HasAsync("key"), Is.False, "it was stored without the lease");
    }

    [Test]
    public async Task ValueFilledByAnotherProcess_IsFoundAsSoonAsItIsThere()
    {
        var gate = new TaskCompletionSource();
        var other = new SimulatedNode(_redis)
        {
            Source = async (_, _) =>
            {
                await gate.Task;
                return SimulatedNode.Body("theirs");
            },
        };
        var theirs = other.GetOrCreateAsync("key", Plain);
        var ours = _node.GetOrCreateAsync("key", Plain);
        gate.SetResult();
        await theirs.WaitAsync(Patience.Limit);
        await Eventually.BecomesTrueAsync(() =>
        {
            _redis.Clock.Advance(TimeSpan.FromMilliseconds(10));
            return Task.FromResult(ours.IsCompleted);
        });
        Assert.That((await ours.WaitAsync(Patience.Limit), _node.Asked), Is.EqualTo(((CacheOutcome.Hit, "theirs"), 0)));
    }
}
