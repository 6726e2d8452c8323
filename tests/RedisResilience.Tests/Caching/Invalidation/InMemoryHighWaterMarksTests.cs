using RedisResilience.Caching;
using RedisResilience.Caching.Invalidation;

namespace RedisResilience.Tests.Caching.Invalidation;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class InMemoryHighWaterMarksTests : HighWaterMarksContract
{
    protected override IHighWaterMarks Marks { get; } = new InMemoryHighWaterMarks();
}
