using RedisResilience.Caching;
using RedisResilience.Tests.Gateway;

namespace RedisResilience.Tests.Caching.Bulk;

/// <summary>Over a Redis that is away, the source is asked for all of them together, too.</summary>
internal sealed class UnansweredBulkTests : BulkContract
{
    protected override IResponseCache Cache { get; } = Caches.Over(GatewayStub.Silent().Object);

    protected override bool Keeps => false;
}
