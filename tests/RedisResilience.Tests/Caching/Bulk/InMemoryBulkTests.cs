using Microsoft.Extensions.Time.Testing;
using RedisResilience.Caching;

namespace RedisResilience.Tests.Caching.Bulk;

internal sealed class InMemoryBulkTests : BulkContract
{
    protected override IResponseCache Cache { get; } = new InMemoryResponseCache(new FakeTimeProvider());
}
