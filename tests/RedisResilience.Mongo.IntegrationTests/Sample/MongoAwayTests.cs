using System.Net;
using Microsoft.Extensions.Logging;
using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.Mongo.IntegrationTests.Wire;

namespace RedisResilience.Mongo.IntegrationTests.Sample;

/// <summary>The sample while its MongoDB is away.</summary>
public sealed class MongoAwayTests
{
    [Test]
    public async Task EveryFailure_Is503WithRetryAfter_AndTheLogSaysItOnce()
    {
        await using var mongo = new WireReplicaSet();
        await using var redis = await RedisServer.StartNewAsync();
        await using var app = await MongoPredictionsApp.StartAsync(redis.ConnectionString, mongo.ConnectionString);
        await app.Client.GetStringAsync("/predictions/AAPL");
        await Until.TrueAsync(async () => (await GetAsync(app, "AAPL")).Headers.GetValues("Cache-Status").Single().Contains(
            "hit", StringComparison.Ordinal), "It is never cached.");
        await mongo.StopAsync();
        app.Logs.Clear();

        // The first ones are not answered in time, the others not even asked for.
        for (var request = 0; request < 60; request++)
        {
            using var response = await GetAsync(app, "MSFT");
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(response.Headers.RetryAfter?.Delta, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(1)));
            Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        }

        using var cached = await GetAsync(app, "AAPL");
        var said = app.Logs.GetSnapshot().Where(line => line.Level >= LogLevel.Warning).ToArray();
        Assert.That(cached.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(said.Count(line => line.Id.Id == 120), Is.EqualTo(1), "that MongoDB is away");
        Assert.That(said.Where(line => line.Category?.StartsWith("RedisResilience.Mongo", StringComparison.Ordinal) != true), Is.Empty);
        Assert.That(said, Has.Length.LessThanOrEqualTo(2), "and that its changes are not followed");
        mongo.Start();
    }

    private static Task<HttpResponseMessage> GetAsync(MongoPredictionsApp app, string symbol) =>
        app.Client.GetAsync(new Uri($"/predictions/{symbol}", UriKind.Relative));
}
