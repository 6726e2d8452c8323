using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.Mongo.IntegrationTests.Wire;

namespace RedisResilience.Mongo.IntegrationTests.Following.Elections;

/// <summary>
/// A fill is never older than the newest invalidation of its key: each of the ways in which one was, one after the other.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StaleFillTests : IAsyncDisposable
{
    private const string Database = "elections";
    // Longer than the driver takes to find another primary.
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Election = TimeSpan.FromMilliseconds(20);

    private readonly WireReplicaSet _mongo = new();
    private RedisServer _redis = null!;
    private MongoClient _client = null!;
    private IMongoCollection<BsonDocument> _documents = null!;

    [SetUp]
    public async Task Start()
    {
        _redis = await RedisServer.StartNewAsync();
        _client = MongoServers.NewClient(_mongo.ConnectionString);
        _documents = _client.GetDatabase(Database).GetCollection<BsonDocument>("documents").WithWriteConcern(WriteConcern.WMajority);
        await _documents.InsertManyAsync([new() { { "_id", "A" }, { "v", 1 } }, new() { { "_id", "passed" }, { "v", 1 } }]);
    }

    /// <summary>The cursor stayed on the former primary, which shows the majority's word sooner than the new one does.</summary>
    [Test]
    public async Task NewPrimaryShowsTheMajoritysWordLater_ThanTheMemberThatIsFollowed([Values] Filler filler)
    {
        await using var deployment = await DeployAsync(follows: true);
        await _mongo.Elections.StepDownAsync(Election);
        _mongo.Members[1].SnapshotLag = Lag;

        var writing = SetAsync("A", 2);
        await ReadUntilAsync(deployment, filler, writing);

        await AssertIsNewAsync(deployment, filler);
    }

    /// <summary>
    /// The old primary acknowledged the write and told of it, and the new one shows it to the majority's readers only when it has written
    /// something itself.
    /// </summary>
    [Test]
    public async Task PrimaryElectedAfterTheWrite_ShowsItLater([Values] Filler filler)
    {
        await using var deployment = await DeployAsync(follows: true);
        _mongo.Members[1].SnapshotLag = Lag;
        await SetAsync("A", 2);
        await UntilGoneAsync(deployment);
        await _mongo.Elections.StepDownAsync(TimeSpan.Zero, hold: Lag);

        await ReadUntilAsync(deployment, filler, Task.Delay(Lag, TimeProvider.System));

        await AssertIsNewAsync(deployment, filler);
    }

    /// <summary>The reader takes a member for the primary that has been cut off from the others and does not know it.</summary>
    [Test]
    public async Task ReaderAsksAPrimaryThatIsNoneAnyMore([Values] Filler filler)
    {
        await using var watcher = await DeployAsync(follows: true);
        await _mongo.Elections.StepDownAsync(Election);
        await using var reader = await DeployAsync(follows: false, _mongo.ConnectionString.Replace(
            "heartbeatFrequencyMS=500", "heartbeatFrequencyMS=10000", StringComparison.Ordinal));
        Assert.That(await reader.Store.ReadAsync("A"), Is.Not.Null, "it knows the primary");

        _mongo.Elections.Isolate();
        await SetAsync("A", 2);
        await UntilGoneAsync(watcher);
        await ReadUntilAsync(reader, filler, Task.Delay(Lag, TimeProvider.System));
        _mongo.Elections.Rejoin();

        await AssertIsNewAsync(watcher, filler);
    }

    /// <summary>Nobody follows: a write through the store is all that anybody hears of.</summary>
    [TestCase(Filler.Get)]
    [TestCase(Filler.OwnEntry)]
    public async Task OwnWrite_IsNotFollowedByAnOlderFillOfAnotherProcess(Filler filler)
    {
        await using var writer = await DeployAsync(follows: false);
        await using var reader = await DeployAsync(follows: false);
        await reader.Store.CacheAsync("A");
        _mongo.Members[1].SnapshotLag = Lag;
        await writer.Store.ReplaceAsync("A", """{"v":2}"""u8.ToArray());
        await _mongo.Elections.StepDownAsync(TimeSpan.Zero, hold: Lag);

        await ReadUntilAsync(reader, filler, Task.Delay(Lag, TimeProvider.System));

        Assert.That(await reader.TextAsync(filler, "A"), Is.EqualTo("""{"v":2}"""));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _mongo.DisposeAsync();
        await _redis.DisposeAsync();
    }

    private async Task<Deployment> DeployAsync(bool follows, string? mongo = null)
    {
        // Whatever is corrected sooner than after an hour was corrected by the watcher.
        var deployment = await Deployment.StartAsync(
            _redis.ConnectionString, mongo ?? _mongo.ConnectionString, Database, follows, options =>
                options.TimeToLive = TimeSpan.FromHours(1));
        if (follows)
        {
            await deployment.UntilWatchedAsync();
            await deployment.Store.CacheAsync("A");
        }

        return deployment;
    }

    private Task SetAsync(string id, int value) => _documents.SetUntilDoneAsync(id, value);

    private static Task UntilGoneAsync(Deployment deployment) => Until.TrueAsync(
        async () =>
        {
            using var entry = await deployment.Cache.GetAsync($"{Database}:v1:A");
            return !entry.HasBody;
        },
        "The entry is not removed.");

    private static async Task ReadUntilAsync(Deployment deployment, Filler filler, Task end)
    {
        while (!end.IsCompleted)
        {
            await deployment.TextAsync(filler, "A");
        }

        await end;
    }

    private async Task AssertIsNewAsync(Deployment deployment, Filler filler)
    {
        await deployment.Store.UntilPassedAsync(_documents);
        Assert.That(await deployment.TextAsync(filler, "A"), Is.EqualTo("""{"v":2}"""));
    }
}
