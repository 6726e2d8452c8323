using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Caching;
using RedisResilience.Mongo.Registration;

namespace RedisResilience.Mongo.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class MongoDocumentStoreTests
{
    private readonly List<string> _journal;
    private readonly FakeMongo _mongo;
    private readonly FakeResponseCache _cache;
    private readonly FakeMarks _marks;
    private readonly FakeLogCollector _logs = new();
    private readonly RedisResilienceMongoOptions _options =
        new() { Database = "shop", Collection = "forecasts", KeyPrefix = "forecasts:v1" };

    public MongoDocumentStoreTests()
    {
        _journal = [];
        _mongo = new FakeMongo(_journal);
        _cache = new FakeResponseCache(_journal);
        _marks = new FakeMarks(_journal);
    }

    private MongoDocumentStore Store => NewStore(TimeProvider.System);

    [Test]
    public async Task Get_MissThenHit_AsksMongoOnce()
    {
        _mongo.Batches = [[new BsonDocument("price", 7)]];
        var store = Store;

        using var miss = await store.GetAsync("AAPL");
        using var hit = await store.GetAsync("AAPL");

        Assert.That((miss.IsHit, Text(miss.Body)), Is.EqualTo((false, """{"price":7}""")));
        Assert.That((hit.IsHit, Text(hit.Body)), Is.EqualTo((true, """{"price":7}""")));
        Assert.That(_cache.Entries.Keys, Is.EqualTo(new[] { "forecasts:v1:AAPL" }));
        Assert.That(_cache.LastTimeToLive, Is.EqualTo(TimeSpan.FromSeconds(60)));
        Assert.That(_journal, Is.EqualTo(new[] { """find { "_id" : "AAPL" } { } limit 1""" }));
        Assert.That(_mongo.OpenCursors, Is.Zero);
    }

    [Test]
    public async Task Get_NoSuchDocument_HasNoBodyAndIsNotCached()
    {
        using var response = await Store.GetAsync("NONE");

        Assert.That(response.HasBody, Is.False);
        Assert.That(_cache.Entries, Is.Empty);
    }

    [Test]
    public void Get_MongoFails_ThrowsMongosException()
    {
        _mongo.Failure = new MongoException("away");

        Assert.That(async () => await Store.GetAsync("AAPL"), Throws.Exception.SameAs(_mongo.Failure));
        Assert.That(async () => await Store.ReadAsync("AAPL"), Throws.Exception.SameAs(_mongo.Failure));
    }

    [Test]
    public async Task Read_PassesTheCacheBy()
    {
        _cache.Entries["forecasts:v1:AAPL"] = "old"u8.ToArray();
        _mongo.Batches = [[new BsonDocument("price", 8)]];

        Assert.That(Text(await Store.ReadAsync("AAPL")), Is.EqualTo("""{"price":8}"""));
        Assert.That(_cache.Entries["forecasts:v1:AAPL"].ToArray(), Is.EqualTo("old"u8.ToArray()));
    }

    [Test]
    public async Task Read_NoSuchDocument_IsNull() => Assert.That(await Store.ReadAsync("NONE"), Is.Null);

    [Test]
    public async Task IdNotHidden_IsAskedFor()
    {
        _options.HideId = false;

        await Store.ReadAsync("AAPL");

        Assert.That(_journal, Is.EqualTo(new[] { """find { "_id" : "AAPL" } { } limit 1""" }));
    }

    [Test]
    public async Task Replace_WritesFirstAndInvalidatesThen()
    {
        _cache.Entries["forecasts:v1:AAPL"] = "old"u8.ToArray();

        var write = await Store.ReplaceAsync("AAPL", """{"price":9}"""u8.ToArray());

        Assert.That(write, Is.EqualTo(new DocumentWrite(Existed: true, IsInvalidated: true)));
        Assert.That(_journal, Is.EqualTo(new[]
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
        Assert.That(_journal, Is.EqualTo(new[] { """delete { "_id" : "AAPL" }""", "remove forecasts:v1:AAPL" }));
    }

    [Test]
    public async Task Write_RedisAway_SaysThatTheEntryMayLiveOn()
    {
        _cache.AcknowledgesRemovals = false;

        Assert.That(await Store.ReplaceAsync("AAPL", "{}"u8.ToArray()), Is.EqualTo(new DocumentWrite(Existed: true, IsInvalidated: false)));
        Assert.That(await Store.DeleteAsync("AAPL"), Is.EqualTo(new DocumentWrite(Existed: true, IsInvalidated: false)));
    }

    [Test]
    public void Write_OutcomeUnknown_InvalidatesAndThrowsMongosException()
    {
        _mongo.Failure = new MongoException("cut off");

        Assert.That(async () => await Store.ReplaceAsync("AAPL", "{}"u8.ToArray()), Throws.Exception.SameAs(_mongo.Failure));
        Assert.That(async () => await Store.DeleteAsync("MSFT"), Throws.Exception.SameAs(_mongo.Failure));
        Assert.That(_journal, Has.Member("remove forecasts:v1:AAPL").And.Member("remove forecasts:v1:MSFT"));
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

        Assert.That(_journal, Is.EqualTo(new[] { "remove forecasts:v1:AAPL" }));
        Assert.That(_cache.LastRemovalToken, Is.EqualTo(CancellationToken.None));
    }

    [Test]
    public async Task GetMany_AsksMongoOnceForWhatTheCacheHasNot()
    {
        _cache.Entries["forecasts:v1:B"] = "b"u8.ToArray();
        _mongo.Batches = [[new() { { "_id", "C" }, { "price", 3 } }, new() { { "_id", "A" }, { "price", 1 } }]];

        // Once before, so that the compiler takes none of the moment in which the misses gather.
        var store = Store;
        await store.GetManyAsync(["X", "Y"]);
        _journal.Clear();
        var responses = await store.GetManyAsync(["A", "B", "C", "D"]);

        Assert.That(
            responses.Select(response => response.HasBody ? Text(response.Body) : null),
            Is.EqualTo(new[] { """{"price":1}""", "b", """{"price":3}""", null }));
        Assert.That(_journal, Is.EqualTo(new[] { """find { "_id" : { "$in" : ["A", "C", "D"] } } { } limit """ }));
    }

    [Test]
    public void VersionExpected_OfDocumentsThatHaveNone_IsRefused() =>
        Assert.That(async () => await Store.DeleteAsync("A", expectedVersion: 1), Throws.InvalidOperationException);

    [Test]
    public async Task MongoAway_IsLeftAloneAfterSomeFailures_AndAskedAgainLater()
    {
        _options.FailureThreshold = 2;
        var time = new FakeTimeProvider();
        var store = NewStore(time);
        _mongo.Failure = new TimeoutException("away");
        Assert.That(async () => await store.ReadAsync("A"), Throws.TypeOf<TimeoutException>());
        Assert.That(async () => await store.ReadAsync("A"), Throws.TypeOf<TimeoutException>());
        var asked = _journal.Count;

        var refusal = await Assert.ThrowsAsync<MongoUnavailableException>(async () => await store.ReadAsync("A"));
        Assert.That(refusal!.InnerException, Is.TypeOf<TimeoutException>());
        Assert.That(refusal.RetryAfter, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(_journal, Has.Count.EqualTo(asked));

        _mongo.Failure = null;
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await store.ReadAsync("A"), Is.Null);
        Assert.That(await store.ReadAsync("A"), Is.Null);
        Assert.That(
            _logs.GetSnapshot().Select(line => line.Id.Id),
            Is.EqualTo(new[] { 120, 121 }),
            "one line when it is away, one when it is back");
    }

    [Test]
    public async Task ErrorOfTheCaller_IsNoOutage()
    {
        _options.FailureThreshold = 1;
        _mongo.Failure = new MongoException("not allowed");
        var store = Store;
        for (var call = 0; call < 3; call++)
        {
            Assert.That(async () => await store.ReadAsync("A"), Throws.Exception.SameAs(_mongo.Failure));
        }

        _mongo.Failure = null;
        Assert.That(await store.ReadAsync("A"), Is.Null);
        Assert.That(_logs.Count, Is.Zero);
    }

    [Test]
    public async Task Write_SaysWhenItWas_BeforeTheEntryGoes()
    {
        _mongo.OperationTime = new BsonTimestamp(7);

        await Store.ReplaceAsync("AAPL", "{}"u8.ToArray());

        Assert.That(_journal[1..], Is.EqualTo(new[] { "mark shop.forecasts 7", "remove forecasts:v1:AAPL" }));
    }

    [Test]
    public async Task FillAfterAChange_ReadsWhatIsNotOlder()
    {
        _mongo.Batches = [[new BsonDocument("price", 7)]];
        _marks.Mark = 7;

        using var response = await Store.GetAsync("AAPL");

        Assert.That(_journal[^1], Is.EqualTo("""find { "_id" : "AAPL" } { } limit 1 after 7"""));
        Assert.That(_cache.LastStored, Is.Null, "the options' own time");
    }

    [TestCase(72)]
    [TestCase(123)]
    [TestCase(211)]
    public async Task ServerThatCannotWaitForAChange_ServesAndStoresNothing(int code)
    {
        _options.CommandDeadline = TimeSpan.FromMilliseconds(100);
        _mongo.Batches = [[new BsonDocument("price", 7)]];
        _mongo.RefusalInSessions = code;
        _marks.Mark = 7;
        var store = Store;

        using var response = await store.GetAsync("AAPL");

        Assert.That((Text(response.Body), _cache.LastStored), Is.EqualTo(("""{"price":7}""", TimeSpan.Zero)));
        var refusal = await Assert.ThrowsAsync<MongoUnavailableException>(async () => await store.ReadAsync("AAPL"));
        Assert.That(refusal!.RetryAfter, Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public async Task RedisDoesNotTellOfChanges_TheDocumentIsServedAndNotStored()
    {
        _mongo.Batches = [[new BsonDocument("price", 7)]];
        _marks.Mark = null;

        using var response = await Store.GetAsync("AAPL");

        Assert.That((Text(response.Body), _cache.LastStored), Is.EqualTo(("""{"price":7}""", TimeSpan.Zero)));
    }

    [Test]
    public async Task Collection_ReadsThePrimaryAndWritesToTheMajority()
    {
        await Store.ReadAsync("AAPL");

        Assert.That(_mongo.Settings!.ReadPreference, Is.EqualTo(ReadPreference.Primary));
        Assert.That(_mongo.Settings.ReadConcern, Is.EqualTo(ReadConcern.Majority));
        Assert.That(_mongo.Settings.WriteConcern, Is.EqualTo(WriteConcern.WMajority));
    }

    [Test]
    public async Task ListIds_StreamsEveryBatch()
    {
        _mongo.Batches = [[new("_id", "A"), new("_id", "B")], [], [new("_id", "C")]];

        Assert.That(await Store.ListIdsAsync().ToArrayAsync(), Is.EqualTo(new[] { "A", "B", "C" }));
        Assert.That(_journal, Is.EqualTo(new[] { """find { "_id" : { "$type" : 2 } } { "_id" : 1 } limit """ }));
        Assert.That(_mongo.OpenCursors, Is.Zero);
    }

    [Test]
    public async Task KeyFieldOfItsOwn_IsTheIdEverywhere()
    {
        _options.KeyField = "symbol";
        _mongo.Batches = [[new("symbol", "A")]];
        var store = Store;

        await store.ReadAsync("A");
        await store.ReplaceAsync("A", """{"price":1}"""u8.ToArray());
        await store.DeleteAsync("A");
        Assert.That(await store.ListIdsAsync().ToArrayAsync(), Is.EqualTo(new[] { "A" }));

        Assert.That(_journal.Where(line => !line.StartsWith("remove", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            """find { "symbol" : "A" } { } limit 1""",
            """replace { "symbol" : "A" } { "symbol" : "A", "price" : 1 } upsert True""",
            """delete { "symbol" : "A" }""",
            """find { "symbol" : { "$type" : 2 } } { "symbol" : 1, "_id" : 0 } limit """,
        }));
    }

    // Not test cases: an attribute's arguments are UTF-8 and would lose the lone surrogates.
    [Test]
    public void BadId_IsRefusedBeforeMongoIsAsked([ValueSource(nameof(BadIds))] string? id) => AssertRefused(id!);

    private static string?[] BadIds => [null, "", "a\nb", "\u0000", "\u0085", "\ud800", "a\udc00b"];

    [Test]
    public async Task LongestId_LeavesRoomForPrefixAndColon()
    {
        var longest = new string('x', RedisKeyLimits.MaximumLength - "forecasts:v1:".Length);

        await Store.DeleteAsync(longest);

        Assert.That(_journal, Does.Contain($"remove forecasts:v1:{longest}"));
        _journal.Clear();
        AssertRefused(longest + "x");
    }

    private MongoDocumentStore NewStore(TimeProvider time)
    {
        var services = new ServiceCollection()
            .AddSingleton<IResponseCache>(_cache)
            .AddSingleton<IHighWaterMarks>(_marks)
            .AddSingleton(time)
            .AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(_logs)));
        return new MongoCollectionServices(_mongo.Client, services.BuildServiceProvider(), redis: null, _options, isFollowed: false).Store;
    }

    private void AssertRefused(string id)
    {
        var store = Store;

        Assert.Multiple(() =>
        {
            Assert.That(async () => await store.GetAsync(id), Refusal);
            Assert.That(async () => await store.ReadAsync(id), Refusal);
            Assert.That(async () => await store.ReplaceAsync(id, "{}"u8.ToArray()), Refusal);
            Assert.That(async () => await store.DeleteAsync(id), Refusal);
            Assert.That(_journal, Is.Empty);
        });
    }

    private static NUnit.Framework.Constraints.IResolveConstraint Refusal =>
        Throws.InstanceOf<ArgumentException>().With.Property(nameof(ArgumentException.ParamName)).EqualTo("id");

    private static string? Text(ReadOnlyMemory<byte>? body) => body is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;
}
