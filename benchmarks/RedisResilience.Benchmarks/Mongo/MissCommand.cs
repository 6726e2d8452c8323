using Microsoft.Extensions.DependencyInjection;
using MongoDB.Driver;
using RedisResilience.Benchmarks.Comparison;
using RedisResilience.Benchmarks.Contenders;
using RedisResilience.Diagnostics;
using RedisResilience.Mongo;
using RedisResilience.Mongo.IntegrationTests.Wire;

namespace RedisResilience.Benchmarks.Mongo;

/// <summary>
/// <c>mongo-miss</c>: a miss through the adapter against the driver's find with the same read concern, on the MongoDB of <c>MONGO_URL</c>
/// or else on the tests' own server in this process; first without Redis, then with one that is asked each time for the newest change, and
/// a session that reads after it.
/// </summary>
internal static class MissCommand
{
    private const int Pairs = 30;

    public static async Task RunAsync()
    {
        await using var wire = new WireReplicaSet();
        var address = Environment.GetEnvironmentVariable("MONGO_URL") ?? wire.ConnectionString;
        using var client = new MongoClient(address);
        var orders = client.GetDatabase("benchmarks").GetCollection<Order>("orders").WithReadConcern(
            ReadConcern.Majority).WithWriteConcern(WriteConcern.WMajority);
        await orders.ReplaceOneAsync(order => order.Id == Order.Sample.Id, Order.Sample, new ReplaceOptions { IsUpsert = true });
        var driver = new DriverFind(orders);
        var where = address == wire.ConnectionString ? "the tests' own server, in this process" : "the MongoDB of MONGO_URL";
        Console.WriteLine($"On {where}: medians of {Pairs} interleaved pairs.");
        Console.WriteLine();
        Console.WriteLine("| | in flight | adapter calls/s | driver calls/s | throughput ratio | adapter B | driver B |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        await using (var without = Build(client, redis: null))
        {
            // Every call is a miss.
            await FightAsync("without Redis", new AdapterMiss(without.GetRequiredService<IMongoDocumentStore>()), driver);
        }

        using var redis = RedisServer.Start();
        await redis.WaitUntilUpAsync();
        await using var with = Build(client, redis.Endpoint);
        await with.GetRequiredService<IRedisStatus>().WaitUntilAvailableAsync();
        var store = with.GetRequiredService<IMongoDocumentStore>();
        await store.DeleteAsync("another");
        await FightAsync("after the newest change, which Redis tells", new AdapterRead(store), driver);
    }

    private static ServiceProvider Build(IMongoClient client, string? redis)
    {
        var services = new ServiceCollection();
        services.AddSingleton(client);
        services.AddRedisResilience(redis)
            .AddMongo(options => (options.Database, options.Collection, options.KeyPrefix) = ("benchmarks", "orders", "orders:v1"));
        return services.BuildServiceProvider();
    }

    private static async Task FightAsync(string what, IContender ours, IContender driver)
    {
        foreach (var (callers, calls) in new[] { (1, 100), (16, 20) })
        {
            var pairs = await new Duel("miss", callers, calls, ours, driver).FightAsync(Pairs);
            var (adapterTime, driverTime) = (
                Median(pairs.Select(pair => pair.Ours.Microseconds)), Median(pairs.Select(pair => pair.Raw.Microseconds)));
            var ratio = Median(pairs.Select(pair => pair.Raw.Microseconds / pair.Ours.Microseconds));
            var (adapterBytes, driverBytes) = (Median(pairs.Select(pair => pair.Ours.Bytes)), Median(pairs.Select(pair => pair.Raw.Bytes)));
            Console.WriteLine($"| {what} | {callers} | {1e6 / adapterTime:N0} | {1e6 / driverTime:N0} | {ratio:F2} | {adapterBytes:F0} | "
                + $"{driverBytes:F0} |");
        }
    }

    private static double Median(IEnumerable<double> sample) => Quartiles.Of(sample).Median;
}
