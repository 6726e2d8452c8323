using System.Globalization;
using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Servers;

namespace RedisResilience.Mongo.IntegrationTests.Following.Chaos;

/// <summary>Two processes' worth of readers, a writer that tells nobody, and whatever a test does to them meanwhile.</summary>
internal sealed class ChaosRun : IAsyncDisposable
{
    public const int Documents = 50;
    private const int Processes = 2;
    private const string Sentinel = "sentinel";

    // Written again and again, so that a lost invalidation is soon made good by the next.
    private static readonly string[] Busy = [.. Enumerable.Range(0, Documents).Select(i => $"{i}")];

    // Written once in each round, and then no more.
    private static readonly string[] Quiet = [.. Enumerable.Range(0, Documents).Select(i => $"quiet{i}")];

    private readonly CancellationTokenSource _isOver = new();
    private readonly MongoClient _client;
    private readonly IMongoCollection<BsonDocument> _documents;
    private readonly Deployment[] _deployments;
    private readonly Task[] _work;
    private readonly ChaosWriter _writer;

    private ChaosRun(MongoClient client, IMongoCollection<BsonDocument> documents, Deployment[] deployments)
    {
        _client = client;
        _documents = documents;
        _deployments = deployments;
        foreach (var id in Busy.Concat(Quiet))
        {
            Truth.Written(id, "");
        }

        _writer = new ChaosWriter(documents, Truth);
        _work =
        [
            .. deployments.Select((deployment, seed) => Task.Run(() => ReadAsync(deployment.Store, seed))),
            Task.Run(() => _writer.WriteAsync(Busy, _isOver.Token)),
        ];
    }

    public Truth Truth { get; } = new();

    public IReadOnlyList<Deployment> Deployments => _deployments;

    /// <summary>An hour to live: whatever is corrected sooner was corrected by the watcher.</summary>
    public static void Configure(RedisResilienceMongoOptions options) => options.TimeToLive = TimeSpan.FromHours(1);

    public static async Task<ChaosRun> StartAsync(string mongo, string database, RedisServer redis, bool isWatched = true)
    {
        var client = MongoServers.NewClient(mongo);
        var documents = client.GetDatabase(database).GetCollection<BsonDocument>("documents");
        await documents.InsertManyAsync(Busy.Concat(Quiet).Append(Sentinel).Select(id => new BsonDocument { { "_id", id }, { "v", "" } }));
        var started = new List<Deployment>();
        for (var one = 0; one < Processes; one++)
        {
            started.Add(await Deployment.StartAsync(redis.ConnectionString, mongo, database, follows: true, Configure));
        }

        if (isWatched)
        {
            await started[0].UntilWatchedAsync();
        }

        return new ChaosRun(client, documents, [.. started]);
    }

    /// <summary>Lets all of it go on for a while.</summary>
    public Task GoOnAsync()
    {
        const int Enough = 100;
        _writer.IsPaused = false;
        var (changes, reads) = (Truth.Changes + Enough, Truth.Reads + Enough);
        return Until.TrueAsync(() => Truth.Changes >= changes && Truth.Reads >= reads, "Nothing goes on.");
    }

    /// <summary>Writes nothing more until <see cref="GoOnAsync"/>, and has the quiet documents cached.</summary>
    public async Task PauseAsync()
    {
        _writer.IsPaused = true;
        foreach (var id in Quiet)
        {
            await _deployments[0].Store.CacheAsync(id);
        }
    }

    /// <inheritdoc cref="ChaosWriter.ChangeAsync"/>
    public Task ChangeQuietAsync() => Task.Run(() => _writer.ChangeAsync(Quiet));

    /// <inheritdoc cref="ChaosWriter.BurstAsync"/>
    public Task BurstAsync() => Task.Run(() => _writer.BurstAsync(Busy));

    /// <summary>
    /// Ends the writing, waits until the watcher has come to its end, and compares every key of every process with MongoDB.
    /// </summary>
    /// <returns>How many differ: invalidations that were lost.</returns>
    public async Task<int> SettleAsync()
    {
        await _isOver.CancelAsync();
        await Task.WhenAll(_work);
        foreach (var deployment in _deployments)
        {
            await deployment.UntilAvailableAsync();
        }

        // Changes are followed in their order, batch by batch. Of the second, all that was before the first has been applied.
        await PassAsync("1");
        await PassAsync("2");
        var truth = (await _documents.Find(
            FilterDefinition<BsonDocument>.Empty).ToListAsync()).ToDictionary(document => document["_id"].AsString, ToText);
        var lost = 0;
        foreach (var deployment in _deployments)
        {
            foreach (var id in Busy.Concat(Quiet))
            {
                lost += await deployment.Store.TextAsync(id) == truth.GetValueOrDefault(id) ? 0 : 1;
            }
        }

        await TestContext.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"changes {Truth.Changes}, reads {Truth.Reads}, longest staleness {Truth.LongestStaleness.TotalMilliseconds:f0} ms, lost "
                + $"invalidations {lost}"));
        return lost;
    }

    public async ValueTask DisposeAsync()
    {
        await _isOver.CancelAsync();
        await Task.WhenAll(_work);
        foreach (var deployment in _deployments)
        {
            await deployment.DisposeAsync();
        }

        await _client.DropDatabaseAsync(_documents.Database.DatabaseNamespace.DatabaseName);
        _client.Dispose();
        _isOver.Dispose();
    }

    private static string ToText(BsonDocument document) => document.Contains("burst")
        ? $$"""{"v":"{{document["v"].AsString}}","burst":{{document["burst"].AsInt32}}}"""
        : $$"""{"v":"{{document["v"].AsString}}"}""";

    private async Task PassAsync(string value)
    {
        foreach (var deployment in _deployments)
        {
            await deployment.Store.CacheAsync(Sentinel);
        }

        await _documents.ReplaceOneAsync(
            new BsonDocument("_id", Sentinel), new() { { "_id", Sentinel }, { "v", value } }, new ReplaceOptions { IsUpsert = true });
        foreach (var deployment in _deployments)
        {
            await deployment.Store.UntilAsync(Sentinel, $$"""{"v":"{{value}}"}""");
        }
    }

    private async Task ReadAsync(IMongoDocumentStore store, int seed)
    {
        var random = new Random(seed);
        while (!_isOver.IsCancellationRequested)
        {
            var id = random.Next(2) == 0 ? Busy[random.Next(Documents)] : Quiet[random.Next(Documents)];
            var beganAt = TimeProvider.System.GetTimestamp();
            try
            {
                Truth.Read(id, await store.TextAsync(id), beganAt);
            }
            catch (Exception away) when (away is MongoException or TimeoutException or MongoUnavailableException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }
}
