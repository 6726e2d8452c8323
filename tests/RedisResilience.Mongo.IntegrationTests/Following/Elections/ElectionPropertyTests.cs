using CsCheck;
using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.Mongo.IntegrationTests.Wire;

namespace RedisResilience.Mongo.IntegrationTests.Following.Elections;

/// <summary>
/// Whatever the members' lags, and whoever is elected when: each document is written once with the majority by another program, two
/// processes read all the
/// while, and at the end no entry differs. CsCheck names the seed of a run that fails; <c>CsCheck_Seed</c> runs it again.
/// </summary>
public sealed class ElectionPropertyTests
{
    private const int Documents = 60;
    private static readonly TimeSpan Election = TimeSpan.FromMilliseconds(30);

    private static readonly Gen<int[]> Lags = Gen.Int[0, 250].Array[3];

    private static bool IsLong => Environment.GetEnvironmentVariable("REDISRESILIENCE_LONG") is { Length: > 0 };

    [Test]
    public async Task AfterAnyElections_NoEntryDiffers()
    {
        var (entries, elections) = (0, 0);
        await Gen.Select(Lags, Lags, Gen.Enum<Upheaval>().Array[2, 5], Gen.Enum<Filler>()).SampleAsync(
            async (replication, snapshot, upheavals, filler) =>
            {
                await RunAsync(replication, snapshot, upheavals, filler);
                (entries, elections) = (entries + (2 * Documents), elections + upheavals.Length);
            },
            iter: IsLong ? 30 : 3,
            threads: 1);
        await TestContext.Out.WriteLineAsync($"{entries} entries compared after {elections} elections: none differs");
    }

    private static async Task RunAsync(int[] replication, int[] snapshot, Upheaval[] upheavals, Filler filler)
    {
        await using var mongo = new WireReplicaSet();
        await using var redis = await RedisServer.StartNewAsync();
        using var client = MongoServers.NewClient(mongo.ConnectionString);
        var documents = client.GetDatabase("elections").GetCollection<BsonDocument>("documents").WithWriteConcern(WriteConcern.WMajority);
        await documents.InsertManyAsync([.. Enumerable.Range(0, Documents).Select(
            i => new BsonDocument { { "_id", $"{i}" }, { "v", 0 } }), new() { { "_id", "passed" }, { "v", 0 } }]);
        await using var first = await DeployAsync(redis, mongo);
        await using var second = await DeployAsync(redis, mongo);
        await first.UntilWatchedAsync();
        foreach (var (member, index) in mongo.Members.Select((member, index) => (member, index)))
        {
            (member.ReplicationLag, member.SnapshotLag) = (
                TimeSpan.FromMilliseconds(replication[index]), TimeSpan.FromMilliseconds(snapshot[index]));
        }

        using var isOver = new CancellationTokenSource();
        var readers = new[] { first, second }.Select(
            (deployment, seed) => Task.Run(() => ReadAsync(deployment, filler, seed, isOver.Token))).ToArray();
        var writing = Task.Run(() => WriteAsync(documents));
        foreach (var upheaval in upheavals)
        {
            await mongo.DoAsync(upheaval, Election);
        }

        await writing;
        await isOver.CancelAsync();
        await Task.WhenAll(readers);
        await first.Store.UntilPassedAsync(documents);
        foreach (var deployment in new[] { first, second })
        {
            for (var id = 0; id < Documents; id++)
            {
                Assert.That(await deployment.TextAsync(filler, $"{id}"), Is.EqualTo("""{"v":1}"""), $"{id}");
            }
        }
    }

    private static Task<Deployment> DeployAsync(RedisServer redis, WireReplicaSet mongo) =>
        Deployment.StartAsync(
            redis.ConnectionString,
            mongo.ConnectionString,
            "elections",
            follows: true,
            options => options.TimeToLive = TimeSpan.FromHours(1));

    private static async Task WriteAsync(IMongoCollection<BsonDocument> documents)
    {
        for (var id = 0; id < Documents; id++)
        {
            await documents.SetUntilDoneAsync($"{id}", 1);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    private static async Task ReadAsync(Deployment deployment, Filler filler, int seed, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await deployment.TextAsync(filler, $"{random.Next(Documents)}");
            }
            catch (Exception away) when (away is MongoException or TimeoutException or MongoUnavailableException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
            }
        }
    }
}
