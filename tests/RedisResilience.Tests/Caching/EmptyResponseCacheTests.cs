using RedisResilience.Caching;
using RedisResilience.Gateway;
using RedisResilience.Tests.Gateway;

namespace RedisResilience.Tests.Caching;

internal sealed class EmptyResponseCacheTests : ResponseCacheContract
{
    protected override IResponseCache Cache { get; } = new RedisResponseCache(
        GatewayStub.Create().Gets(new Answer<Payload>(default(Payload))).GetsTimeToLive(new Answer<TimeSpan?>((TimeSpan?)null))
            .Sets(new Answer<bool>(true)).Deletes(new Answer<bool>(false)).Object,
        maximumEntrySize: 1024);

    [Test]
    public async Task NothingToRemove_IsCertainToBeGone() => Assert.That(await Cache.RemoveAsync("key"), Is.True);
}
