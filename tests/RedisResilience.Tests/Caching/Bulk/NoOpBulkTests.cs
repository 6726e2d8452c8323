using RedisResilience.Caching;

namespace RedisResilience.Tests.Caching.Bulk;

internal sealed class NoOpBulkTests : BulkContract
{
    protected override IResponseCache Cache => NoOpResponseCache.Instance;

    protected override bool Keeps => false;
}
