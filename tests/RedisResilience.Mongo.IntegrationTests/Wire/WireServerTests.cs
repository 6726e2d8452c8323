using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Servers;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>The tests' own server refuses what it does not know, as a real one refuses what it does not know.</summary>
[TestFixture(MongoKind.Wire)]
[TestFixture(MongoKind.Real)]
public sealed class WireServerTests(MongoKind kind) : MongoFixture(kind)
{
    private const int FailedToParse = 9;
    private const int UnknownField = 40415;

    private IMongoDatabase Here => Documents.Database;

    [TestCase("""{"frobnicate":1}""", 59)]
    [TestCase("""{"find":"documents","filter":{"a":{"$frobnicate":1}}}""", 2)]
    [TestCase("""{"find":"documents","filter":{"$frobnicate":1}}""", 2)]
    [TestCase("""{"find":"documents","frobnicate":1}""", UnknownField)]
    [TestCase("""{"find":"documents","projection":{"a":1,"a.b":1}}""", null)]
    [TestCase("""{"find":"documents","projection":{"a":1,"b":0}}""", 31254)]
    [TestCase("""{"aggregate":"documents","pipeline":[]}""", 9)]
    [TestCase("""{"getMore":{"$numberLong":"123"},"collection":"documents"}""", 43)]
    [TestCase("""{"aggregate":"documents","pipeline":[{"$changeStream":{"resumeAfter":{"_data":"xx"}}}],"cursor":{}}""", null)]
    public async Task BadCommand_IsRefused(string command, int? code)
    {
        var refusal = await Assert.ThrowsAsync<MongoCommandException>(
            async () => await Here.RunCommandAsync<BsonDocument>(BsonDocument.Parse(command)));

        // Before 5.0 find had a parser of its own.
        var expected = code == UnknownField && await MongoServers.MajorVersionAsync(Mongo) < 5 ? FailedToParse : code;
        Assert.That(refusal!.Code, Is.EqualTo(expected ?? refusal.Code).And.GreaterThan(0));
    }

    [Test]
    public async Task SecondDocumentWithAnId_IsRefused()
    {
        await Documents.InsertOneAsync(new("_id", 1));

        Assert.That(
            async () => await Documents.InsertOneAsync(new("_id", 1)),
            Throws.TypeOf<MongoWriteException>().With.Property("WriteError").Property("Category").EqualTo(
                ServerErrorCategory.DuplicateKey));
    }

    [Test]
    public async Task TwoTransactionsThatWriteTheSame_Conflict()
    {
        await Documents.InsertOneAsync(new() { { "_id", 1 }, { "a", 0 } });
        using var one = await Documents.Database.Client.StartSessionAsync();
        using var other = await Documents.Database.Client.StartSessionAsync();
        one.StartTransaction();
        other.StartTransaction();
        await Documents.Find(other, new BsonDocument("_id", 1)).SingleAsync();
        await Documents.UpdateOneAsync(one, new BsonDocument("_id", 1), Builders<BsonDocument>.Update.Inc("a", 1));
        await one.CommitTransactionAsync();

        var conflict = await Assert.CatchAsync<MongoException>(async () =>
        {
            await Documents.UpdateOneAsync(other, new BsonDocument("_id", 1), Builders<BsonDocument>.Update.Inc("a", 1));
            await other.CommitTransactionAsync();
        });

        // A real server finds it at the first write, the tests' own at the latest at the commit.
        Assert.That(conflict!.HasErrorLabel("TransientTransactionError"), Is.True);
    }

    [Test]
    public async Task Update_IsToldByItsDifference_AndTheEndIsWhereANewStreamStarts()
    {
        await Documents.InsertOneAsync(new() { { "_id", 1 }, { "a", 1 }, { "b", 1 }, { "c", 1 } });
        BsonDocument end;
        using (var stream = await Documents.WatchAsync())
        {
            await Documents.UpdateOneAsync(new BsonDocument("_id", 1), Builders<BsonDocument>.Update.Set("a", 2).Unset("c"));
            await Here.DropCollectionAsync("documents");
            var changes = await ReadAsync(stream, 3);

            Assert.That(changes.Select(change => change.OperationType), Is.EqualTo(
                new[] { ChangeStreamOperationType.Update, ChangeStreamOperationType.Drop, ChangeStreamOperationType.Invalidate }));
            Assert.That(changes[0].UpdateDescription.UpdatedFields, Is.EqualTo(new BsonDocument("a", 2)));
            Assert.That(changes[0].UpdateDescription.RemovedFields, Is.EqualTo(new[] { "c" }));
            end = changes[^1].ResumeToken;
        }

        Assert.That(async () => (await Documents.WatchAsync(
            new ChangeStreamOptions { ResumeAfter = end })).Dispose(), Throws.InstanceOf<MongoCommandException>());
        using var after = await Documents.WatchAsync(new ChangeStreamOptions { StartAfter = end });
        await Documents.InsertOneAsync(new BsonDocument("_id", 2));
        Assert.That((await ReadAsync(after, 1))[0].DocumentKey, Is.EqualTo(new BsonDocument("_id", 2)));
    }

    [Test]
    public void DocumentOfMoreThan16MegaBytes_IsRefused() => Assert.That(
        async () =>
        {
            await Documents.InsertOneAsync(new() { { "_id", 1 }, { "a", new byte[9 * 1024 * 1024] } });
            await Documents.UpdateOneAsync(new BsonDocument("_id", 1), Builders<BsonDocument>.Update.Set("b", new byte[9 * 1024 * 1024]));
        },
        Throws.InstanceOf<MongoException>());

    [Test]
    public async Task ManyDocuments_ComeInSeveralBatches()
    {
        await Documents.InsertManyAsync(Enumerable.Range(0, 250).Select(i => new BsonDocument("_id", i)));

        var found = await Documents.Find(FilterDefinition<BsonDocument>.Empty, new FindOptions { BatchSize = 20 }).ToListAsync();

        Assert.That(found.Select(document => document["_id"].AsInt32), Is.EquivalentTo(Enumerable.Range(0, 250)));
    }

    private static async Task<List<ChangeStreamDocument<BsonDocument>>> ReadAsync(
        IChangeStreamCursor<ChangeStreamDocument<BsonDocument>> stream, int count)
    {
        using var patience = new CancellationTokenSource(Until.Patience);
        var changes = new List<ChangeStreamDocument<BsonDocument>>();
        while (changes.Count < count && await stream.MoveNextAsync(patience.Token))
        {
            changes.AddRange(stream.Current);
        }

        return changes;
    }
}
