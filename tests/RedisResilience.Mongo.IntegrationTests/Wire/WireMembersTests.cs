using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Following.Elections;
using RedisResilience.Mongo.IntegrationTests.Servers;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>The members of the tests' own set differ as those of a real one do.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class WireMembersTests : IAsyncDisposable
{
    private static readonly TimeSpan Lag = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Election = TimeSpan.FromMilliseconds(20);

    private readonly WireReplicaSet _mongo = new();
    private readonly MongoClient _client;
    private readonly IMongoCollection<BsonDocument> _documents;

    public WireMembersTests()
    {
        _client = MongoServers.NewClient(_mongo.ConnectionString);
        _documents = _client.GetDatabase("members").GetCollection<BsonDocument>("documents");
    }

    [Test]
    public async Task MajorityThatLags_ShowsTheOldDocument_AndAReadAfterTheWriteWaits()
    {
        await _documents.InsertOneAsync(new() { { "_id", "A" }, { "v", 1 } });
        _mongo.Members[0].SnapshotLag = Lag;
        using var session = await _client.StartSessionAsync(new ClientSessionOptions { CausalConsistency = true });
        await _documents.WithWriteConcern(WriteConcern.W1).UpdateOneAsync(
            session, new BsonDocument("_id", "A"), Builders<BsonDocument>.Update.Set("v", 2));

        var early = await _documents.Find(new BsonDocument("_id", "A")).SingleAsync();
        var local = await _documents.WithReadConcern(ReadConcern.Local).Find(new BsonDocument("_id", "A")).SingleAsync();
        var startedAt = TimeProvider.System.GetTimestamp();
        var causal = await _documents.Find(session, new BsonDocument("_id", "A")).SingleAsync();

        Assert.That((early["v"].AsInt32, local["v"].AsInt32, causal["v"].AsInt32), Is.EqualTo((1, 2, 2)));
        Assert.That(TimeProvider.System.GetElapsedTime(startedAt), Is.GreaterThan(Lag / 4), "it waited");
    }

    /// <summary>A step-down test hung on it: the last write of a round was never acknowledged, and nobody else wrote.</summary>
    [Test]
    public async Task LagThatEndsDuringALook_IsFollowedByAnotherLook()
    {
        await _documents.InsertOneAsync(new() { { "_id", "A" }, { "v", 1 } });
        var primary = _mongo.Members[0];
        primary.SnapshotLag = Lag;
        await _documents.WithWriteConcern(WriteConcern.W1).InsertOneAsync(new("_id", "B"));
        var written = _mongo.Store.Sequence;
        bool IsShown()
        {
            var isShown = primary.Snapshot >= written;
            SpinWait.SpinUntil(() => primary.Snapshot >= written);
            return isShown;
        }

        var shown = new ReadPoint(_mongo.Store, new WireMember(_mongo)).UntilAsync(IsShown, [], CancellationToken.None);

        Assert.That(async () => await shown.WaitAsync(Until.Patience), Throws.Nothing);
    }

    [Test]
    public async Task TimeThatNobodyHasHeardOf_IsRefused_AndOneThatIsNotReachedInTimeIsAnError()
    {
        await _documents.InsertOneAsync(new() { { "_id", "A" }, { "v", 1 } });
        var read = new BsonDocument { { "find", "documents" }, { "maxTimeMS", 50 } };
        var far = new BsonDocument(
            read) { { "readConcern",
            new BsonDocument { { "level", "majority" }, { "afterClusterTime", new BsonTimestamp(1_700_000_000, 1000) } } } };
        var refusal = await Assert.ThrowsAsync<MongoCommandException>(
            async () => await _documents.Database.RunCommandAsync<BsonDocument>(far));
        Assert.That(refusal!.Code, Is.EqualTo(72));

        _mongo.Members[0].SnapshotLag = TimeSpan.FromMinutes(1);
        await _documents.WithWriteConcern(WriteConcern.W1).InsertOneAsync(new("_id", "B"));
        var near = new BsonDocument(read) { { "readConcern", new BsonDocument { { "level", "majority" }, { "afterClusterTime", WireStore
            .TimeOf(_mongo.Store.Sequence) } } } };
        Assert.That(
            async () => await _documents.Database.RunCommandAsync<BsonDocument>(near), Throws.TypeOf<MongoExecutionTimeoutException>());
    }

    [Test]
    public async Task StepDown_LeavesTheStreamOnTheFormerPrimary()
    {
        using var stream = await _documents.WatchAsync(new ChangeStreamOptions { MaxAwaitTime = TimeSpan.FromMilliseconds(100) });
        await _mongo.Elections.StepDownAsync(Election);
        var opened = _mongo.Commands["aggregate"];

        await _documents.SetUntilDoneAsync("A", 1);
        await _documents.InsertOneAsync(new("_id", "A"));
        await Until.TrueAsync(
            async () => await stream.MoveNextAsync() && stream.Current.Any(), "The stream does not show it.");

        Assert.That(stream.Current!.First().DocumentKey, Is.EqualTo(new BsonDocument("_id", "A")));
        Assert.That(_mongo.Commands["aggregate"], Is.EqualTo(opened), "the same stream");
    }

    [Test]
    public async Task WhatTheMajorityHasNotAcknowledged_IsRolledBack_AndWhatItHasIsNot()
    {
        await _documents.InsertOneAsync(new() { { "_id", "kept" } });
        (_mongo.Members[1].ReplicationLag, _mongo.Members[2].ReplicationLag) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        await _documents.WithWriteConcern(WriteConcern.W1).InsertOneAsync(new("_id", "lost"));
        using var stream = await _documents.WatchAsync();

        await _mongo.Elections.StepDownAsync(Election, catchesUp: false);

        await Until.TrueAsync(
            async () =>
            {
                try
                {
                    var ids = (await _documents.Find(
                        FilterDefinition<BsonDocument>.Empty).ToListAsync()).Select(document => document["_id"].AsString);
                    Assert.That(ids, Is.EqualTo(new[] { "kept" }));
                    return true;
                }
                catch (MongoException)
                {
                    return false;
                }
            },
            "Nobody leads.");
    }

    [TestCase("""{"create":"other","changeStreamPreAndPostImages":{"enabled":true}}""", 40415)]
    [TestCase("""{"find":"documents","frobnicate":1}""", 9)]
    [TestCase(
        """{"aggregate":"documents","pipeline":[{"$changeStream":{"fullDocumentBeforeChange":"whenAvailable"}}],"cursor":{}}""", 40415)]
    [TestCase(
        """{"findAndModify":"documents","query":{"_id":1},"update":[{"$set":{"a":{"$dateTrunc":{"date":"$$NOW","unit":"day"}}}}]}""",
        168)]
    public async Task OldServer_RefusesWhatCameLater(string command, int code)
    {
        await using var old = new WireReplicaSet(version: WireVersion.V44);
        using var client = MongoServers.NewClient(old.ConnectionString);

        var refusal = await Assert.ThrowsAsync<MongoCommandException>(
            async () => await client.GetDatabase("members").RunCommandAsync<BsonDocument>(BsonDocument.Parse(command)));

        Assert.That(refusal!.Code, Is.EqualTo(code));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _mongo.DisposeAsync();
    }
}
