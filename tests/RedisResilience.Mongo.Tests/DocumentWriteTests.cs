using MongoDB.Bson;
using MongoDB.Driver;

namespace RedisResilience.Mongo.Tests;

/// <summary>Writes: to MongoDB first, and the entry goes then.</summary>
internal sealed class DocumentWriteTests : StoreFixture
{
    [Test]
    public async Task Replace_WritesFirstAndInvalidatesThen()
    {
        Cache.Entries["forecasts:v1:AAPL"] = "old"u8.ToArray();

        var write = await Store.ReplaceAsync("AAPL", """{"price":9}"""u8.ToArray());

        Assert.That(write, Is.EqualTo(new DocumentWrite(Existed: true, IsInvalidated: true)));
        Assert.That(Journal, Is.EqualTo(new[]
        {
            """replace { "_id" : "AAPL" } { "_id" : "AAPL", "price" : 9 } upsert True""",
            "remove forecasts:v1:AAPL",
        }));
    }

    [Test]
    public async Task Delete_DeletesFirstAndInvalidatesThen()
    {
        var write = await Store.DeleteAsync("AAPL");

        Assert.That(write, Is.EqualTo(new DocumentWrite(Existed: true, IsInvalidated: true)));
        Assert.That(Journal, Is.EqualTo(new[] { """delete { "_id" : "AAPL" }""", "remove forecasts:v1:AAPL" }));
    }

    [Test]
    public async Task Write_RedisAway_SaysThatTheEntryMayLiveOn()
    {
        Cache.AcknowledgesRemovals = false;

        Assert.That(await Store.ReplaceAsync("AAPL", "{}"u8.ToArray()), Is.EqualTo(new DocumentWrite(Existed: true, IsInvalidated: false)));
        Assert.That(await Store.DeleteAsync("AAPL"), Is.EqualTo(new DocumentWrite(Existed: true, IsInvalidated: false)));
    }

    [Test]
    public void Write_OutcomeUnknown_InvalidatesAndThrowsMongosException()
    {
        Mongo.Failure = new MongoException("cut off");

        Assert.That(async () => await Store.ReplaceAsync("AAPL", "{}"u8.ToArray()), Throws.Exception.SameAs(Mongo.Failure));
        Assert.That(async () => await Store.DeleteAsync("MSFT"), Throws.Exception.SameAs(Mongo.Failure));
        Assert.That(Journal, Has.Member("remove forecasts:v1:AAPL").And.Member("remove forecasts:v1:MSFT"));
    }

    [Test]
    public void Write_Cancelled_InvalidatesWithoutTheCallersToken()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.That(
            async () =>
                await Store.ReplaceAsync(
                    "AAPL", "{}"u8.ToArray(), cancellationToken: cancellation.Token), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(Journal, Is.EqualTo(new[] { "remove forecasts:v1:AAPL" }));
        Assert.That(Cache.LastRemovalToken, Is.EqualTo(CancellationToken.None));
    }

    [Test]
    public void VersionExpected_OfDocumentsThatHaveNone_IsRefused() =>
        Assert.That(async () => await Store.DeleteAsync("A", expectedVersion: 1), Throws.InvalidOperationException);

    [Test]
    public async Task Write_SaysWhenItWas_BeforeTheEntryGoes()
    {
        Mongo.OperationTime = new BsonTimestamp(7);

        await Store.ReplaceAsync("AAPL", "{}"u8.ToArray());

        Assert.That(Journal[1..], Is.EqualTo(new[] { "mark shop.forecasts 7", "remove forecasts:v1:AAPL" }));
    }
}
