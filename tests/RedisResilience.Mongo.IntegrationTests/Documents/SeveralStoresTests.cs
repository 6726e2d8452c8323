using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Diagnostics;
using RedisResilience.Mongo.IntegrationTests.Servers;

namespace RedisResilience.Mongo.IntegrationTests.Documents;

[TestFixture(MongoKind.Wire)]
[TestFixture(MongoKind.Real)]
public sealed class SeveralStoresTests(MongoKind kind) : MongoFixture(kind)
{
    [Test]
    public async Task EachStore_HasItsOwnDocumentsAndFollowsItsOwnCollection()
    {
        var redis = new ServiceCollection().AddLogging().AddRedisResilience(Redis);
        foreach (var name in new[] { "users", "orders" })
        {
            redis.AddMongo(name, options =>
            {
                (options.ConnectionString, options.Database, options.Collection, options.KeyPrefix) = (
                    Mongo, Database, name, $"{Database}:{name}:v1");
                (options.TimeToLive, options.CommandDeadline) = (TimeSpan.FromHours(1), Deployment.Patient);
            });
            redis.AddChangeStreamInvalidation(name);
        }

        await using var provider = redis.Services.BuildServiceProvider();
        var watchers = provider.GetServices<IHostedService>().ToArray();
        await provider.GetRequiredService<IRedisStatus>().WaitUntilAvailableAsync().WaitAsync(Until.Patience);
        await Task.WhenAll(watchers.Select(watcher => watcher.StartAsync(default)));
        var (users, orders) = (
            provider.GetRequiredKeyedService<IMongoDocumentStore>("users"),
            provider.GetRequiredKeyedService<IMongoDocumentStore>("orders"));
        await users.ReplaceAsync("A", """{"is":"user"}"""u8.ToArray());
        await orders.ReplaceAsync("A", """{"is":"order"}"""u8.ToArray());
        await users.CacheAsync("A");
        await orders.CacheAsync("A");
        Assert.That((await users.TextAsync("A"), await orders.TextAsync("A")), Is.EqualTo(("""{"is":"user"}""", """{"is":"order"}""")));

        await ChangeAsync("orders");
        await Until.TrueAsync(async () => await orders.TextAsync("A") == """{"is":"changed"}""", "The orders are not followed.");
        Assert.That(await users.TextAsync("A"), Is.EqualTo("""{"is":"user"}"""));
        await ChangeAsync("users");
        await Until.TrueAsync(async () => await users.TextAsync("A") == """{"is":"changed"}""", "The users are not followed.");
        await Task.WhenAll(watchers.Select(watcher => watcher.StopAsync(default)));
    }

    private async Task ChangeAsync(string collection) => await Documents.Database.GetCollection<BsonDocument>(collection)
        .UpdateOneAsync(new BsonDocument("_id", "A"), Builders<BsonDocument>.Update.Set("is", "changed"));
}
