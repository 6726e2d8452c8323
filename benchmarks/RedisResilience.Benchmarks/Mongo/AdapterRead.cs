using RedisResilience.Benchmarks.Contenders;
using RedisResilience.Mongo;

namespace RedisResilience.Benchmarks.Mongo;

/// <summary>A document past the cache, as a source that fills an entry of the application reads it: to JSON, and not older than the newest
/// change.</summary>
internal sealed class AdapterRead(IMongoDocumentStore store) : IContender
{
    public async Task CallAsync(int times)
    {
        for (var call = 0; call < times; call++)
        {
            Expect.That(await store.ReadAsync(Order.Sample.Id) is not null);
        }
    }
}
