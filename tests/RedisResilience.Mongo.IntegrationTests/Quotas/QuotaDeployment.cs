using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Diagnostics;
using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.Mongo.Quotas;
using RedisResilience.Mongo.Reading;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Pools;

namespace RedisResilience.Mongo.IntegrationTests.Quotas;

/// <summary>A quota in a database of its own, and a Redis for its leased permits.</summary>
internal sealed class QuotaDeployment : IAsyncDisposable
{
    private readonly string _database = $"quota{Guid.NewGuid():N}";
    private readonly ServiceProvider _services;
    private readonly MongoClient _client;

    private QuotaDeployment(string mongo, string redis, TimeSpan deadline)
    {
        _client = MongoServers.NewClient(mongo);
        Collection = _client.GetDatabase(_database).GetCollection<BsonDocument>("quotas");
        _services = new ServiceCollection().AddRedisResilience(redis, Patient).Services.BuildServiceProvider();
        Pool = _services.GetRequiredService<IPermitPool>();
        Quota = new MongoQuota(Collection, Pool, deadline);
        Counts = new QuotaCounts(Collection, new MongoCalls(TimeProvider.System, deadline, 5, NullLogger.Instance));
    }

    public MongoQuota Quota { get; }

    public IPermitPool Pool { get; }

    public QuotaCounts Counts { get; }

    public IMongoCollection<BsonDocument> Collection { get; }

    /// <param name="mongo">MongoDB.</param>
    /// <param name="redis">Redis.</param>
    /// <param name="deadline">How long a call waits for MongoDB: by default so long that no busy machine matters.</param>
    public static async Task<QuotaDeployment> StartAsync(string mongo, string redis, TimeSpan? deadline = null)
    {
        var deployment = new QuotaDeployment(mongo, redis, deadline ?? Deployment.Patient);
        await deployment.UntilAvailableAsync();
        return deployment;
    }

    public Task UntilAvailableAsync() => _services.GetRequiredService<IRedisStatus>().WaitUntilAvailableAsync().WaitAsync(Until.Patience);

    private void Patient(RedisResilienceOptions options)
    {
        options.KeyPrefix = $"{_database}:";
        options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(10);
    }

    /// <summary>What MongoDB counts of a key, whoever took it.</summary>
    public async Task<long> CountedAsync(string key)
    {
        var document = await Collection.Find(new BsonDocument("_id", key)).FirstOrDefaultAsync();
        return document is null ? 0 : document["buckets"].AsBsonArray.Sum(bucket => bucket["n"].ToInt64());
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DropDatabaseAsync(_database);
        _client.Dispose();
        await _services.DisposeAsync();
    }
}
