using RedisResilience.Benchmarks.Contenders;
using RedisResilience.Mongo;

namespace RedisResilience.Benchmarks.Mongo;

/// <summary>A document that is not cached, through the adapter: to JSON.</summary>
internal sealed class AdapterMiss(IMongoDocumentStore store) : IContender
{
    public async Task CallAsync(int times)
    {
        for (var call = 0; call < times; call++)
        {
            using var response = await store.GetAsync(Order.Sample.Id);
            Expect.That(response.HasBody);
        }
    }
}
