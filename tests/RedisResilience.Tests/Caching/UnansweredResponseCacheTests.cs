using RedisResilience.Caching;
using RedisResilience.Tests.Gateway;

namespace RedisResilience.Tests.Caching;

internal sealed class UnansweredResponseCacheTests : ResponseCacheContract
{
    protected override IResponseCache Cache { get; } = Caches.Over(GatewayStub.Silent().Object);

    [Test]
    public async Task Set_IsNotStored() => Assert.That(await Cache.SetAsync("key", new byte[] { 1 }, TimeSpan.FromMinutes(1)), Is.False);

    [Test]
    public async Task Get_SaysThatItIsNotKnown() =>
        Assert.That((await Cache.GetAsync("key")).Outcome, Is.EqualTo(CacheOutcome.Unavailable));

    [Test]
    public async Task Remove_IsNotCertain() => Assert.That(await Cache.RemoveAsync("key"), Is.False);
}
