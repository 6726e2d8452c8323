using MongoDB.Bson;
using MongoDB.Driver;

namespace RedisResilience.Mongo.IntegrationTests.Servers;

/// <summary>A database of the test's own on one kind of MongoDB, a Redis, and a client that is another program.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class MongoFixture(MongoKind kind) : IDisposable
{
    private MongoClient _client = null!;

    protected MongoKind Kind => kind;

    protected string Mongo { get; private set; } = "";

    protected string Redis { get; private set; } = "";

    protected string Database { get; } = $"test{Guid.NewGuid():N}";

    /// <summary>What another program sees, and writes to.</summary>
    protected IMongoCollection<BsonDocument> Documents { get; private set; } = null!;

    [SetUp]
    public async Task Connect()
    {
        Mongo = await MongoServers.ConnectionStringAsync(kind);
        Redis = await RedisServer.SharedAsync();
        _client = MongoServers.NewClient(Mongo);
        Documents = _client.GetDatabase(Database).GetCollection<BsonDocument>("documents");
    }

    [TearDown]
    public async Task Drop()
    {
        if (_client is not null)
        {
            await _client.DropDatabaseAsync(Database);
        }
    }

    public void Dispose()
    {
        _client?.Dispose();
        GC.SuppressFinalize(this);
    }

    internal Task<Deployment> DeployAsync(bool follows = false, Action<RedisResilienceMongoOptions>? configure = null) =>
        Deployment.StartAsync(Redis, Mongo, Database, follows, configure);
}
