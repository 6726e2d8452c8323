using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.Mongo.IntegrationTests.Wire;

namespace RedisResilience.Mongo.IntegrationTests.Following.Elections;

/// <summary>
/// One step-down after the other, while another program writes each document once with the majority and two processes read: no entry
/// differs. With
/// <c>REDISRESILIENCE_LONG</c> 60,000 entries and a hundred step-downs.
/// </summary>
[TestFixture(MongoKind.Wire)]
[TestFixture(MongoKind.Real)]
public sealed class StepDownTests(MongoKind kind) : MongoFixture(kind)
{
    private const int PerRound = 300;

    private static int Rounds => Environment.GetEnvironmentVariable("REDISRESILIENCE_LONG") is { Length: > 0 } ? 100 : 4;

    [Test]
    public async Task AfterStepDowns_NoEntryDiffers()
    {
        await using var own = Kind == MongoKind.Wire ? NewSetThatLags() : null;
        var address = own?.ConnectionString ?? Mongo;
        if (own is null && await MongoServers.MembersAsync(address) < 3)
        {
            Assert.Ignore("This needs a set of three: MONGO_URL names one, or none.");
        }

        using var client = MongoServers.NewClient(address);
        var documents = client.GetDatabase(Database).GetCollection<BsonDocument>("documents");
        await documents.InsertManyAsync([.. Enumerable.Range(0, Rounds * PerRound).Select(id => Document($"{id}")), Document("passed")]);
        await using var first = await Deployment.StartAsync(
            Redis, address, Database, follows: true, options => options.TimeToLive = TimeSpan.FromHours(1));
        await using var second = await Deployment.StartAsync(
            Redis, address, Database, follows: true, options => options.TimeToLive = TimeSpan.FromHours(1));
        await first.UntilWatchedAsync();
        var differ = 0;
        for (var round = 0; round < Rounds; round++)
        {
            differ += await RunAsync(round * PerRound, own, address, documents, first, second);
        }

        await TestContext.Out.WriteLineAsync($"{differ} of {Rounds * PerRound * 2} entries differ after {Rounds} step-downs");
        Assert.That(differ, Is.Zero);
    }

    private static BsonDocument Document(string id) => new() { { "_id", id }, { "v", 0 } };

    private static WireReplicaSet NewSetThatLags()
    {
        var mongo = new WireReplicaSet();
        var lags = new[] { 0, 80, 30 };
        foreach (var (member, lag) in mongo.Members.Zip(lags))
        {
            (member.ReplicationLag, member.SnapshotLag) = (TimeSpan.FromMilliseconds(lag / 4), TimeSpan.FromMilliseconds(lag));
        }

        return mongo;
    }

    private static async Task<int> RunAsync(
        int from, WireReplicaSet? own, string address, IMongoCollection<BsonDocument> documents, params Deployment[] deployments)
    {
        var ids = Enumerable.Range(from, PerRound).Select(id => $"{id}").ToArray();
        using var isOver = new CancellationTokenSource();
        var readers = deployments.Select((deployment, seed) => Task.Run(() => ReadAsync(deployment, ids, seed, isOver.Token))).ToArray();
        var stepping = own?.Elections.StepDownAsync(
            TimeSpan.FromMilliseconds(50), hold: TimeSpan.FromMilliseconds(80)) ?? new RealSet(address).StepDownAsync();
        foreach (var some in ids.Chunk(10))
        {
            await Task.WhenAll(some.Select(id => documents.SetUntilDoneAsync(id, 1)));
        }

        await stepping;
        await isOver.CancelAsync();
        await Task.WhenAll(readers);
        await deployments[0].Store.UntilPassedAsync(documents, from + 1);
        var differ = 0;
        foreach (var deployment in deployments)
        {
            foreach (var id in ids)
            {
                differ += await deployment.Store.TextAsync(id) == """{"v":1}""" ? 0 : 1;
            }
        }

        return differ;
    }

    private static async Task ReadAsync(Deployment deployment, string[] ids, int seed, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await deployment.Store.TextAsync(ids[random.Next(ids.Length)]);
            }
            catch (Exception away) when (away is MongoException or TimeoutException or MongoUnavailableException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
            }
        }
    }
}
