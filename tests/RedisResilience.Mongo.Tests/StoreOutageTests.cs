using Microsoft.Extensions.Time.Testing;
using MongoDB.Bson;
using MongoDB.Driver;

namespace RedisResilience.Mongo.Tests;

/// <summary>A MongoDB or a Redis that does not answer, or cannot.</summary>
internal sealed class StoreOutageTests : StoreFixture
{
    [Test]
    public async Task MongoAway_IsLeftAloneAfterSomeFailures_AndAskedAgainLater()
    {
        Options.FailureThreshold = 2;
        var time = new FakeTimeProvider();
        var store = NewStore(time);
        Mongo.Failure = new TimeoutException("away");
        Assert.That(async () => await store.ReadAsync("A"), Throws.TypeOf<TimeoutException>());
        Assert.That(async () => await store.ReadAsync("A"), Throws.TypeOf<TimeoutException>());
        var asked = Journal.Count;

        var refusal = await Assert.ThrowsAsync<MongoUnavailableException>(async () => await store.ReadAsync("A"));
        Assert.That(refusal!.InnerException, Is.TypeOf<TimeoutException>());
        Assert.That(refusal.RetryAfter, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(Journal, Has.Count.EqualTo(asked));

        Mongo.Failure = null;
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await store.ReadAsync("A"), Is.Null);
        Assert.That(await store.ReadAsync("A"), Is.Null);
        Assert.That(
            Logs.GetSnapshot().Select(line => line.Id.Id),
            Is.EqualTo(new[] { 120, 121 }),
            "one line when it is away, one when it is back");
    }

    [Test]
    public async Task ErrorOfTheCaller_IsNoOutage()
    {
        Options.FailureThreshold = 1;
        Mongo.Failure = new MongoException("not allowed");
        var store = Store;
        for (var call = 0; call < 3; call++)
        {
            Assert.That(async () => await store.ReadAsync("A"), Throws.Exception.SameAs(Mongo.Failure));
        }

        Mongo.Failure = null;
        Assert.That(await store.ReadAsync("A"), Is.Null);
        Assert.That(Logs.Count, Is.Zero);
    }

    [TestCase(72)]
    [TestCase(123)]
    [TestCase(211)]
    public async Task ServerThatCannotWaitForAChange_ServesAndStoresNothing(int code)
    {
        Options.CommandDeadline = TimeSpan.FromMilliseconds(100);
        Mongo.Batches = [[new BsonDocument("price", 7)]];
        Mongo.RefusalInSessions = code;
        Marks.Mark = 7;
        var store = Store;

        using var response = await store.GetAsync("AAPL");

        Assert.That((Text(response.Body), Cache.LastStored), Is.EqualTo(("""{"price":7}""", TimeSpan.Zero)));
        var refusal = await Assert.ThrowsAsync<MongoUnavailableException>(async () => await store.ReadAsync("AAPL"));
        Assert.That(refusal!.RetryAfter, Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public async Task RedisDoesNotTellOfChanges_TheDocumentIsServedAndNotStored()
    {
        Mongo.Batches = [[new BsonDocument("price", 7)]];
        Marks.Mark = null;

        using var response = await Store.GetAsync("AAPL");

        Assert.That((Text(response.Body), Cache.LastStored), Is.EqualTo(("""{"price":7}""", TimeSpan.Zero)));
    }
}
