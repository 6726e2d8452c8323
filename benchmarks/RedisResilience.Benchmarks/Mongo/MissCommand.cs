using Microsoft.Extensions.DependencyInjection;
using MongoDB.Driver;
using RedisResilience.Benchmarks.Comparison;
using RedisResilience.Mongo;
using RedisResilience.Mongo.IntegrationTests.Wire;

namespace RedisResilience.Benchmarks.Mongo;

/// <summary><c>mongo-miss</c>: a miss through the adapter against the driver's find, on the MongoDB of <c>MONGO_URL</c> or else on the tests' own server in this process.</summary>
internal static class MissCommand
{
    private const int Pairs = 30;

    public static async Task RunAsync()
    {
        await using var wire = new WireReplicaSet();
        var address = Environment.GetEnvironmentVariable("MONGO_URL") ?? wire.ConnectionString;
        using var client = new MongoClient(address);
        var orders = client.GetDatabase("benchmarks").GetCollection<Order>("orders");
        await orders.ReplaceOneAsync(order => order.Id == Order.Sample.Id, Order.Sample, new ReplaceOptions { IsUpsert = true });

        // Without Redis every call is a miss.
        await using var services = new ServiceCollection()
            .AddSingleton<IMongoClient>(client)
            .AddRedisResilience(null)
            .AddMongo(options => (options.Database, options.Collection, options.KeyPrefix) = ("benchmarks", "orders", "orders:v1"))
            .Services.BuildServiceProvider();
        var ours = new AdapterMiss(services.GetRequiredService<IMongoDocumentStore>());
        Console.WriteLine($"On {(address == wire.ConnectionString ? "the tests' own server, in this process" : "the MongoDB of MONGO_URL")}: medians of {Pairs} interleaved pairs.");
        Console.WriteLine();
        Console.WriteLine("| in flight | adapter calls/s | driver calls/s | throughput ratio | adapter B | driver B |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|");
        foreach (var (callers, calls) in new[] { (1, 100), (16, 20) })
        {
            var pairs = await new Duel("miss", callers, calls, ours, new DriverFind(orders)).FightAsync(Pairs);
            var (adapter, driver) = (Median(pairs.Select(pair => pair.Ours.Microseconds)), Median(pairs.Select(pair => pair.Raw.Microseconds)));
            var ratio = Median(pairs.Select(pair => pair.Raw.Microseconds / pair.Ours.Microseconds));
            Console.WriteLine(
                $"| {callers} | {1e6 / adapter:N0} | {1e6 / driver:N0} | {ratio:F2} | {Median(pairs.Select(pair => pair.Ours.Bytes)):F0} | {Median(pairs.Select(pair => pair.Raw.Bytes)):F0} |");
        }
    }

    private static double Median(IEnumerable<double> sample) => Quartiles.Of(sample).Median;
}
