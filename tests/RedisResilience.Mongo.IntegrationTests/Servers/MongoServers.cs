using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Wire;

namespace RedisResilience.Mongo.IntegrationTests.Servers;

/// <summary>One server of each kind for all the tests that do not break theirs; every test uses a database of its own.</summary>
internal static class MongoServers
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly Lazy<WireReplicaSet> Wire = new(() => new WireReplicaSet());
    private static readonly Lazy<Task<RealMongo?>> Real = new(RealMongo.FindOrStartAsync);

    /// <summary>Where it is. The test that asks is left out where there is none, and where it is older than the test needs.</summary>
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

        // Of the test, its cases and its class.
        var needed = TestContext.CurrentContext.Test.AllPropertyValues(NeedsMongoAttribute.Name).Cast<int>().DefaultIfEmpty().Max();
        if (needed > 0 && await MajorVersionAsync(real!.ConnectionString) is var major && major < needed)
        {
            Assert.Ignore($"This needs MongoDB {needed}.0, and the server is {major}.");
        }

        return real!.ConnectionString;
    }

    /// <summary>
    /// A client as another program has it. What it writes is the majority's: of what is not, a change stream tells late, and a reader of
    /// the majority not at all. No server is waited for without an end, as the driver would by itself.
    /// </summary>
    public static MongoClient NewClient(string connectionString)
    {
        var settings = MongoClientSettings.FromConnectionString(connectionString);
        settings.WriteConcern = WriteConcern.WMajority;
        settings.ReadConcern = ReadConcern.Majority;
        settings.SocketTimeout = Patience;
        return new MongoClient(settings);
    }

    public static async Task<int> MajorVersionAsync(string connectionString)
    {
        using var client = new MongoClient(connectionString);
        return (
            await client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("buildInfo", 1)))["versionArray"][0].ToInt32();
    }

    /// <summary>How many members the set has.</summary>
    public static async Task<int> MembersAsync(string connectionString)
    {
        using var client = new MongoClient(connectionString);
        var hello = await client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("hello", 1));
        return hello.GetValue("hosts", new BsonArray()).AsBsonArray.Count;
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
