using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Caching;

namespace RedisResilience.Mongo.Tests;

/// <summary>Reads: from the cache, and from MongoDB once.</summary>
internal sealed class MongoDocumentStoreTests : StoreFixture
{
    [Test]
    public async Task Get_MissThenHit_AsksMongoOnce()
    {
        Mongo.Batches = [[new BsonDocument("price", 7)]];
        var store = Store;

        using var miss = await store.GetAsync("AAPL");
        using var hit = await store.GetAsync("AAPL");

        Assert.That((miss.IsHit, Text(miss.Body)), Is.EqualTo((false, """{"price":7}""")));
        Assert.That((hit.IsHit, Text(hit.Body)), Is.EqualTo((true, """{"price":7}""")));
        Assert.That(Cache.Entries.Keys, Is.EqualTo(new[] { "forecasts:v1:AAPL" }));
        Assert.That(Cache.LastTimeToLive, Is.EqualTo(TimeSpan.FromSeconds(60)));
        Assert.That(Journal, Is.EqualTo(new[] { """find { "_id" : "AAPL" } { } limit 1""" }));
        Assert.That(Mongo.OpenCursors, Is.Zero);
    }

    [Test]
    public async Task Get_NoSuchDocument_HasNoBodyAndIsNotCached()
    {
        using var response = await Store.GetAsync("NONE");

        Assert.That(response.HasBody, Is.False);
        Assert.That(Cache.Entries, Is.Empty);
    }

    [Test]
    public void Get_MongoFails_ThrowsMongosException()
    {
        Mongo.Failure = new MongoException("away");

        Assert.That(async () => await Store.GetAsync("AAPL"), Throws.Exception.SameAs(Mongo.Failure));
        Assert.That(async () => await Store.ReadAsync("AAPL"), Throws.Exception.SameAs(Mongo.Failure));
    }

    [Test]
    public async Task Read_PassesTheCacheBy()
    {
        Cache.Entries["forecasts:v1:AAPL"] = "old"u8.ToArray();
        Mongo.Batches = [[new BsonDocument("price", 8)]];

        Assert.That(Text(await Store.ReadAsync("AAPL")), Is.EqualTo("""{"price":8}"""));
        Assert.That(Cache.Entries["forecasts:v1:AAPL"].ToArray(), Is.EqualTo("old"u8.ToArray()));
    }

    [Test]
    public async Task Read_NoSuchDocument_IsNull() => Assert.That(await Store.ReadAsync("NONE"), Is.Null);

    [Test]
    public async Task IdNotHidden_IsAskedFor()
    {
        Options.HideId = false;

        await Store.ReadAsync("AAPL");

        Assert.That(Journal, Is.EqualTo(new[] { """find { "_id" : "AAPL" } { } limit 1""" }));
    }

    [Test]
    public async Task GetMany_AsksMongoOnceForWhatTheCacheHasNot()
    {
        Cache.Entries["forecasts:v1:B"] = "b"u8.ToArray();
        Mongo.Batches = [[new() { { "_id", "C" }, { "price", 3 } }, new() { { "_id", "A" }, { "price", 1 } }]];

        // Once before, so that the compiler takes none of the moment in which the misses gather.
        var store = Store;
        await store.GetManyAsync(["X", "Y"]);
        Journal.Clear();
        var responses = await store.GetManyAsync(["A", "B", "C", "D"]);

        Assert.That(
            responses.Select(response => response.HasBody ? Text(response.Body) : null),
            Is.EqualTo(new[] { """{"price":1}""", "b", """{"price":3}""", null }));
        Assert.That(Journal, Is.EqualTo(new[] { """find { "_id" : { "$in" : ["A", "C", "D"] } } { } limit """ }));
    }

    [Test]
    public async Task FillAfterAChange_ReadsWhatIsNotOlder()
    {
        Mongo.Batches = [[new BsonDocument("price", 7)]];
        Marks.Mark = 7;

        using var response = await Store.GetAsync("AAPL");

        Assert.That(Journal[^1], Is.EqualTo("""find { "_id" : "AAPL" } { } limit 1 after 7"""));
        Assert.That(Cache.LastStored, Is.Null, "the options' own time");
    }

    [Test]
    public async Task Collection_ReadsThePrimaryAndWritesToTheMajority()
    {
        await Store.ReadAsync("AAPL");

        Assert.That(Mongo.Settings!.ReadPreference, Is.EqualTo(ReadPreference.Primary));
        Assert.That(Mongo.Settings.ReadConcern, Is.EqualTo(ReadConcern.Majority));
        Assert.That(Mongo.Settings.WriteConcern, Is.EqualTo(WriteConcern.WMajority));
    }

    [Test]
    public async Task ListIds_StreamsEveryBatch()
    {
        Mongo.Batches = [[new("_id", "A"), new("_id", "B")], [], [new("_id", "C")]];

        Assert.That(await Store.ListIdsAsync().ToArrayAsync(), Is.EqualTo(new[] { "A", "B", "C" }));
        Assert.That(Journal, Is.EqualTo(new[] { """find { "_id" : { "$type" : 2 } } { "_id" : 1 } limit """ }));
        Assert.That(Mongo.OpenCursors, Is.Zero);
    }

    [Test]
    public async Task KeyFieldOfItsOwn_IsTheIdEverywhere()
    {
        Options.KeyField = "symbol";
        Mongo.Batches = [[new("symbol", "A")]];
        var store = Store;

        await store.ReadAsync("A");
        await store.ReplaceAsync("A", """{"price":1}"""u8.ToArray());
        await store.DeleteAsync("A");
        Assert.That(await store.ListIdsAsync().ToArrayAsync(), Is.EqualTo(new[] { "A" }));

        Assert.That(Journal.Where(line => !line.StartsWith("remove", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            """find { "symbol" : "A" } { } limit 1""",
            """replace { "symbol" : "A" } { "symbol" : "A", "price" : 1 } upsert True""",
            """delete { "symbol" : "A" }""",
            """find { "symbol" : { "$type" : 2 } } { "symbol" : 1, "_id" : 0 } limit """,
        }));
    }
}
