using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Servers;

namespace RedisResilience.Mongo.IntegrationTests.Documents;

[TestFixture(MongoKind.Wire)]
[TestFixture(MongoKind.Real)]
public sealed class WriteTests(MongoKind kind) : MongoFixture(kind)
{
    private static readonly UpdateDefinition<BsonDocument> PriceIsTwo = Builders<BsonDocument>.Update.Set("price", 2);

    [Test]
    public async Task EveryWrite_IsReadByTheNext()
    {
        await using var deployment = await DeployAsync();
        var store = deployment.Store;

        Assert.That(await store.ReplaceAsync("A", """{"price":1}"""u8.ToArray()), Is.EqualTo(new DocumentWrite(false, true)));
        await store.CacheAsync("A");
        Assert.That(await store.UpdateAsync("A", PriceIsTwo), Is.EqualTo(new DocumentWrite(true, true)));
        Assert.That(await store.TextAsync("A"), Is.EqualTo("""{"price":2}"""));
        await store.CacheAsync("A");
        Assert.That(await store.DeleteAsync("A"), Is.EqualTo(new DocumentWrite(true, true)));
        Assert.That(await store.TextAsync("A"), Is.Null);
        Assert.That(await store.UpdateAsync("A", PriceIsTwo), Is.EqualTo(new DocumentWrite(false, true)));
    }

    [Test]
    public async Task Versions_AreRaisedByEveryWrite_AndHeldTo()
    {
        await using var deployment = await DeployAsync(configure: options => options.VersionField = "version");
        var store = deployment.Store;

        await store.ReplaceAsync("A", """{"price":1}"""u8.ToArray(), expectedVersion: 0);
        Assert.That(
            async () => await store.ReplaceAsync("A", "{}"u8.ToArray(), expectedVersion: 0), Throws.TypeOf<DocumentConflictException>());
        await store.ReplaceAsync("A", """{"price":"$x"}"""u8.ToArray());
        Assert.That(await store.TextAsync("A"), Is.EqualTo("""{"price":"$x","version":2}"""));
        await store.UpdateAsync("A", PriceIsTwo, expectedVersion: 2);
        Assert.That(async () => await store.UpdateAsync("A", PriceIsTwo, expectedVersion: 2), Throws.TypeOf<DocumentConflictException>());
        await store.ReplaceAsync("A", """{"price":4}"""u8.ToArray(), expectedVersion: 3);
        Assert.That(await store.TextAsync("A"), Is.EqualTo("""{"price":4,"version":4}"""));
        Assert.That(async () => await store.DeleteAsync("A", expectedVersion: 3), Throws.TypeOf<DocumentConflictException>());
        await store.DeleteAsync("A", expectedVersion: 4);
        await store.ReplaceAsync("B", "{}"u8.ToArray());
        Assert.That(await store.TextAsync("B"), Is.EqualTo("""{"version":1}"""));
    }

    [Test]
    public async Task WrittenThrough_IsAHitForTheNext()
    {
        await using var deployment = await DeployAsync(configure: options => options.WritesThrough = true);

        await deployment.Store.ReplaceAsync("A", """{"price":1}"""u8.ToArray());

        Assert.That(await deployment.Store.IsHitAsync("A"), Is.True);
        Assert.That(await deployment.Store.TextAsync("A"), Is.EqualTo("""{"price":1}"""));
    }

    [Test]
    public async Task Transaction_InvalidatesWhenItIsCommitted()
    {
        await using var deployment = await DeployAsync();
        var store = deployment.Store;
        await store.ReplaceAsync("A", """{"price":1}"""u8.ToArray());
        await store.ReplaceAsync("B", """{"price":1}"""u8.ToArray());
        await store.CacheAsync("A");
        await store.CacheAsync("B");

        var areGone = await store.ExecuteInTransactionAsync(async (transaction, token) =>
        {
            await transaction.UpdateAsync("A", PriceIsTwo, cancellationToken: token);
            await transaction.DeleteAsync("B", cancellationToken: token);

            // Nobody else sees it yet, and so the entries stay.
            Assert.That(await store.TextAsync("A"), Is.EqualTo("""{"price":1}"""));
            Assert.That(await store.IsHitAsync("B"), Is.True);
        });

        Assert.That(areGone, Is.True);
        Assert.That((await store.TextAsync("A"), await store.TextAsync("B")), Is.EqualTo(("""{"price":2}""", (string?)null)));
    }

    [Test]
    public async Task Transaction_ThatFails_HasWrittenNothing()
    {
        await using var deployment = await DeployAsync();
        await deployment.Store.ReplaceAsync("A", """{"price":1}"""u8.ToArray());

        Assert.That(
            async () => await deployment.Store.ExecuteInTransactionAsync(async (transaction, token) =>
            {
                await transaction.ReplaceAsync("A", "{}"u8.ToArray(), cancellationToken: token);
                throw new InvalidOperationException("changed my mind");
            }),
            Throws.InvalidOperationException);

        Assert.That(await deployment.Store.TextAsync("A"), Is.EqualTo("""{"price":1}"""));
    }

    [Test]
    public async Task OtherKeyField_KeepsTheId()
    {
        await Documents.Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>(new BsonDocument("symbol", 1), new CreateIndexOptions { Unique = true }));
        await using var deployment = await DeployAsync(
            configure: options => (options.KeyField, options.VersionField) = ("symbol", "version"));
        await deployment.Store.ReplaceAsync("A", """{"price":1}"""u8.ToArray());
        var id = (await Documents.Find(new BsonDocument("symbol", "A")).SingleAsync())["_id"];

        await deployment.Store.ReplaceAsync("A", """{"price":2}"""u8.ToArray());

        var document = await Documents.Find(new BsonDocument("symbol", "A")).SingleAsync();
        Assert.That((document["_id"], document["price"].ToInt32(), document["version"].ToInt32()), Is.EqualTo((id, 2, 2)));
    }
}
