using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Servers;

namespace RedisResilience.Mongo.IntegrationTests.Following;

[TestFixture(MongoKind.Wire)]
[TestFixture(MongoKind.Real)]
public sealed class FollowTests(MongoKind kind) : MongoFixture(kind)
{
    private static UpdateDefinition<BsonDocument> PriceIs(int price) => Builders<BsonDocument>.Update.Set("price", price);

    [Test]
    public async Task WriteByAnotherProgram_Invalidates()
    {
        await Documents.InsertOneAsync(new() { { "_id", "A" }, { "price", 1 } });
        await using var deployment = await DeployAsync(follows: true, options => options.NegativeTimeToLive = TimeSpan.FromHours(1));
        await deployment.UntilWatchedAsync();
        var store = deployment.Store;

        await store.CacheAsync("A");
        await Documents.UpdateOneAsync(new BsonDocument("_id", "A"), PriceIs(2));
        await store.UntilAsync("A", """{"price":2}""");
        await store.CacheAsync("A");
        await Documents.ReplaceOneAsync(new BsonDocument("_id", "A"), new() { { "_id", "A" }, { "price", 3 } });
        await store.UntilAsync("A", """{"price":3}""");
        await store.CacheAsync("A");
        await Documents.DeleteOneAsync(new BsonDocument("_id", "A"));
        await store.UntilAsync("A", null);
        await store.CacheAsync("A");
        await Documents.InsertOneAsync(new() { { "_id", "A" }, { "price", 4 } });
        await store.UntilAsync("A", """{"price":4}""");
    }

    [Test]
    [NeedsMongo(6)]
    public async Task OtherKeyField_IsFoundByPreImage()
    {
        var preImages = new ChangeStreamPreAndPostImagesOptions { Enabled = true };
        await Documents.Database.CreateCollectionAsync(
            "documents", new CreateCollectionOptions { ChangeStreamPreAndPostImagesOptions = preImages });
        await FollowOtherKeyFieldAsync();
    }

    [Test]
    public Task OtherKeyField_IsFoundByTagWhereThereAreNoPreImages() => FollowOtherKeyFieldAsync();

    [Test]
    public async Task CollectionDroppedOrRenamed_GivesAllEntriesUp([Values] bool isRename)
    {
        await Documents.InsertOneAsync(new() { { "_id", "A" }, { "price", 1 } });
        await using var deployment = await DeployAsync(follows: true);
        await deployment.UntilWatchedAsync();
        await deployment.Store.CacheAsync("A");

        if (isRename)
        {
            await Documents.Database.RenameCollectionAsync("documents", "elsewhere");
        }
        else
        {
            await Documents.Database.DropCollectionAsync("documents");
        }

        await deployment.Store.UntilAsync("A", null);

        // And it goes on with the next collection of that name.
        await Documents.InsertOneAsync(new() { { "_id", "A" }, { "price", 2 } });
        await deployment.Store.UntilAsync("A", """{"price":2}""");
        await deployment.Store.CacheAsync("A");
        await Documents.UpdateOneAsync(new BsonDocument("_id", "A"), PriceIs(3));
        await deployment.Store.UntilAsync("A", """{"price":3}""");
    }

    [Test]
    public async Task WhatHappensWhileNobodyWatches_IsMadeUpFor()
    {
        await Documents.InsertOneAsync(new() { { "_id", "A" }, { "price", 1 } });
        await using var reader = await DeployAsync(configure: options => options.TimeToLive = TimeSpan.FromMinutes(10));
        await using (var first = await DeployAsync(follows: true, options => options.TimeToLive = TimeSpan.FromMinutes(10)))
        {
            await first.UntilWatchedAsync();
            await first.Store.CacheAsync("A");
            await first.StopWatchingAsync();
            await Documents.UpdateOneAsync(new BsonDocument("_id", "A"), PriceIs(2));
            Assert.That(await reader.Store.TextAsync("A"), Is.EqualTo("""{"price":1}"""));
        }

        await using var second = await DeployAsync(follows: true, options => options.TimeToLive = TimeSpan.FromMinutes(10));

        await reader.Store.UntilAsync("A", """{"price":2}""");
    }

    [Test]
    public async Task OneOfTwoWatches_AndTheOtherTakesOver()
    {
        await Documents.InsertOneAsync(new() { { "_id", "A" }, { "price", 1 } });
        await using var first = await DeployAsync(follows: true);
        await first.UntilWatchedAsync();
        await using var second = await DeployAsync(follows: true);
        await second.Store.CacheAsync("A");
        Assert.That(second.Events, Does.Not.Contain(100));

        await first.StopWatchingAsync();
        await Until.TrueAsync(() => second.Events.Contains(100), "The second does not take over.");

        await Documents.UpdateOneAsync(new BsonDocument("_id", "A"), PriceIs(2));
        await second.Store.UntilAsync("A", """{"price":2}""");
    }

    [Test]
    public async Task RedisWithoutScripts_CountsNoLeases_AndEachProcessWatchesForItself()
    {
        await Documents.InsertOneAsync(new() { { "_id", "A" }, { "price", 1 } });
        await using var redis = await RedisServer.StartWithoutScriptsAsync();
        await using var first = await Deployment.StartAsync(redis.ConnectionString, Mongo, Database, follows: true);
        await using var second = await Deployment.StartAsync(redis.ConnectionString, Mongo, Database, follows: true);
        await Until.TrueAsync(() => first.Events.Contains(100) && second.Events.Contains(100), "One of them does not watch.");
        await first.UntilWatchedAsync();

        Assert.That(await first.Cache.SetAsync($"{Database}:v1:A", new("old"u8.ToArray()), new(TimeSpan.FromHours(1))), Is.True);
        await Documents.UpdateOneAsync(new BsonDocument("_id", "A"), PriceIs(2));

        await first.Store.UntilAsync("A", """{"price":2}""");
    }

    [Test]
    public async Task QuietCollection_KeepsItsPlace()
    {
        await using var deployment = await DeployAsync(follows: true);
        await deployment.UntilWatchedAsync();
        await Until.TrueAsync(() => deployment.HasAsync("resume"), "No token is saved.");
        var before = await deployment.ReadAsync("resume");

        // Elsewhere in the same server.
        await Documents.Database.GetCollection<BsonDocument>("other").InsertOneAsync(new("_id", 1));

        await Until.TrueAsync(async () => await deployment.ReadAsync("resume") != before, "The token stays behind.");
    }

    [Test]
    public async Task UnwatchedEntries_LiveShorter()
    {
        await Documents.InsertManyAsync([new() { { "_id", "A" } }, new() { { "_id", "B" } }]);
        await using var deployment = new Deployment(
            Redis, Mongo, Database, follows: true, options => options.TimeToLive = TimeSpan.FromHours(1));
        await deployment.UntilAvailableAsync();
        await deployment.Store.CacheAsync("A");
        using (var unwatched = await deployment.Cache.GetWithTimeToLiveAsync($"{Database}:v1:A"))
        {
            Assert.That(unwatched.TimeToLive, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(10)));
        }

        await deployment.StartWatchingAsync();
        await deployment.UntilWatchedAsync();
        await Until.TrueAsync(
            async () =>
            {
                await deployment.Store.InvalidateAsync("B");
                await deployment.Store.CacheAsync("B");
                using var watched = await deployment.Cache.GetWithTimeToLiveAsync($"{Database}:v1:B");
                return watched.TimeToLive > TimeSpan.FromMinutes(30);
            },
            "Entries go on living shorter.");
    }

    private async Task FollowOtherKeyFieldAsync()
    {
        await Documents.InsertOneAsync(new() { { "_id", 1 }, { "symbol", "A" }, { "price", 1 } });
        await using var deployment = await DeployAsync(follows: true, options => options.KeyField = "symbol");
        await deployment.UntilWatchedAsync();
        var store = deployment.Store;

        await store.CacheAsync("A");
        await Documents.UpdateOneAsync(new BsonDocument("_id", 1), PriceIs(2));
        await store.UntilAsync("A", """{"symbol":"A","price":2}""");
        await store.CacheAsync("A");
        await Documents.UpdateOneAsync(new BsonDocument("_id", 1), Builders<BsonDocument>.Update.Set("symbol", "B"));
        await store.UntilAsync("A", null);
        await store.UntilAsync("B", """{"symbol":"B","price":2}""");
        await store.CacheAsync("B");
        await Documents.DeleteOneAsync(new BsonDocument("_id", 1));
        await store.UntilAsync("B", null);
    }
}
