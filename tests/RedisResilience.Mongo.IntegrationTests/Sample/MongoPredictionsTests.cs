using System.Net;
using System.Net.Http.Json;
using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Servers;

namespace RedisResilience.Mongo.IntegrationTests.Sample;

/// <summary>
/// The sample keeps its predictions in MongoDB when it is given one. Responses live for an hour here: what shows sooner was told by the
/// change stream.
/// </summary>
[TestFixture(MongoKind.Wire)]
[TestFixture(MongoKind.Real)]
public sealed class MongoPredictionsTests(MongoKind kind) : MongoFixture(kind)
{
    private static readonly BsonDocument First = new("_id", "AAPL");

    private IMongoCollection<BsonDocument> Predictions => Documents.Database.GetCollection<BsonDocument>("predictions");

    private string MongoUrl
    {
        get
        {
            // Whoever logs in does so where the string says, and else not in the test's own database.
            var url = new MongoUrlBuilder(Mongo);
            url.AuthenticationSource ??= url.Username is null ? null : url.DatabaseName ?? "admin";
            url.DatabaseName = Database;
            return url.ToString();
        }
    }

    [Test]
    public async Task FirstStart_SeedsMongo_AndTheNextPutsBackOnlyWhatIsMissing()
    {
        await using var redis = await RedisServer.StartNewAsync();
        string[]? symbols;
        await using (var app = await MongoPredictionsApp.StartAsync(redis.ConnectionString, MongoUrl))
        {
            symbols = await app.Client.GetFromJsonAsync<string[]>("/predictions");
            Assert.That(symbols, Does.Contain("AAPL"));
            Assert.That(await Predictions.Find(FilterDefinition<BsonDocument>.Empty).ToListAsync(), Has.Count.EqualTo(symbols!.Length));
            Assert.That((await app.Client.GetStringAsync("/predictions/AAPL")), Does.Contain("AAPL"));
        }

        await Predictions.UpdateOneAsync(First, Builders<BsonDocument>.Update.Set("symbol", "kept"));
        await Predictions.DeleteOneAsync(new BsonDocument("_id", symbols![^1]));
        await using (var app = await MongoPredictionsApp.StartAsync(redis.ConnectionString, MongoUrl))
        {
            Assert.That(await app.Client.GetFromJsonAsync<string[]>("/predictions"), Is.EqualTo(symbols));
            await Until.TrueAsync(async () => (
                await app.Client.GetStringAsync("/predictions/AAPL")).Contains("kept", StringComparison.Ordinal), "It was seeded anew.");
        }
    }

    [Test]
    public async Task ChangeByAnotherProgram_ShowsInTheNextResponse()
    {
        await using var redis = await RedisServer.StartNewAsync();
        await using var app = await MongoPredictionsApp.StartAsync(redis.ConnectionString, MongoUrl);
        for (var round = 1; round <= 3; round++)
        {
            await Until.TrueAsync(
                async () => (await CacheStatusAsync(app)).Contains("hit", StringComparison.Ordinal), "It is never cached.");

            await Predictions.UpdateOneAsync(First, Builders<BsonDocument>.Update.Set("symbol", $"round{round}"));
            var written = TimeProvider.System.GetTimestamp();
            await Until.TrueAsync(async () => (await app.Client.GetStringAsync("/predictions/AAPL")).Contains(
                $"round{round}", StringComparison.Ordinal), "The response stays as it was.");
            await TestContext.Out.WriteLineAsync($"shown after {TimeProvider.System.GetElapsedTime(written).TotalMilliseconds:f0} ms");
        }

        await Predictions.DeleteOneAsync(First);
        await Until.TrueAsync(
            async () => (await GetAsync(app)).StatusCode == HttpStatusCode.NotFound, "The deleted prediction is still served.");
    }

    [Test]
    public async Task Put_IsKeptInMongo()
    {
        await using var redis = await RedisServer.StartNewAsync();
        await using var app = await MongoPredictionsApp.StartAsync(redis.ConnectionString, MongoUrl);
        await app.Client.GetStringAsync("/predictions/AAPL");
        await Predictions.UpdateOneAsync(First, Builders<BsonDocument>.Update.Set("symbol", "other"));

        using var put = await app.Client.PutAsync(new Uri("/predictions/AAPL", UriKind.Relative), content: null);

        Assert.That(put.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await Predictions.Find(First).SingleAsync())["symbol"].AsString, Is.EqualTo("AAPL"));
        Assert.That(await app.Client.GetStringAsync("/predictions/AAPL"), Is.EqualTo(await put.Content.ReadAsStringAsync()));
    }

    private static async Task<string> CacheStatusAsync(MongoPredictionsApp app)
    {
        using var response = await GetAsync(app);
        return response.Headers.TryGetValues("Cache-Status", out var status) ? string.Join(',', status) : "";
    }

    private static Task<HttpResponseMessage> GetAsync(MongoPredictionsApp app) =>
        app.Client.GetAsync(new Uri("/predictions/AAPL", UriKind.Relative));
}
