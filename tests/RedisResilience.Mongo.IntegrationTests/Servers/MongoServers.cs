using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Wire;

namespace RedisResilience.Mongo.IntegrationTests.Servers;

/// <summary>One server of each kind for all the tests that do not break theirs; every test uses a database of its own.</summary>
internal static class MongoServers
{
    private static readonly Lazy<WireReplicaSet> Wire = new(() => new WireReplicaSet());
    private static readonly Lazy<Task<RealMongo?>> Real = new(RealMongo.FindOrStartAsync);

    public static async Task<string> ConnectionStringAsync(MongoKind kind)
    {
        if (kind == MongoKind.Wire)
        {
            return Wire.Value.ConnectionString;
        }

        var real = await Real.Value;
        if (real is null)
        {
            Assert.Ignore("There is no real MongoDB: set MONGO_URL to a replica set, or put mongod on PATH.");
        }

        return real!.ConnectionString;
    }

    public static async ValueTask DisposeAsync()
    {
        if (Wire.IsValueCreated)
        {
            await Wire.Value.DisposeAsync();
        }

        if (Real.IsValueCreated && await Real.Value is { } real)
        {
            await real.DisposeAsync();
        }
    }
}
