using RedisResilience.Caching;
using RedisResilience.Tests.Caching.Simulation;

namespace RedisResilience.Tests.Caching;

internal sealed class EmptyResponseCacheTests : ResponseCacheContract
{
    protected override IResponseCache Cache { get; } = Caches.Over(new SimulatedGateway(new SimulatedRedis()));

    [Test]
    public async Task NothingToRemove_IsCertainToBeGone() => Assert.That(await Cache.RemoveAsync("key"), Is.True);
}
