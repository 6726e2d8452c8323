using MongoDB.Driver;
using RedisResilience.Benchmarks.Contenders;

namespace RedisResilience.Benchmarks.Mongo;

/// <summary>The same document by the driver's own find: to an object, and no further.</summary>
internal sealed class DriverFind(IMongoCollection<Order> orders) : IContender
{
    public async Task CallAsync(int times)
    {
        for (var call = 0; call < times; call++)
        {
            var order = await orders.Find(order => order.Id == Order.Sample.Id).Limit(1).FirstOrDefaultAsync();
            Expect.That(order is not null);
        }
    }
}
