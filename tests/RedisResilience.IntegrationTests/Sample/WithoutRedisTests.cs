using System.Net;
using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Sample;

/// <summary>REDIS_URL names nothing that can be used: every request is answered from the source, and the log says why, once.</summary>
internal sealed class WithoutRedisTests
{
    private const int Requests = 150;

    [Test]
    public async Task NothingListens_EveryRequestIsAnswered()
    {
        await using var app = new PredictionsApp($"redis://127.0.0.1:{FreePort.Next()}");

        await AssertAnsweredAsync(app);

        await app.Status.UntilUnavailableAsync();
        Assert.That(app.Events, Is.EqualTo(new[] { Log.UnavailableId }));
        using var health = await app.SendAsync(HttpMethod.Get, "/health");
        Assert.That(health.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await health.Content.ReadAsStringAsync(), Does.Contain("\"Degraded\"").And.Contain("connection refused"));
    }

    [Test]
    public async Task WrongPassword_EveryRequestIsAnsweredAndNobodyIsToldThePassword([Values] ServerKind kind)
    {
        await using var server = await TestServer.StartAsync(kind, password: "right");
        await using var app = new PredictionsApp($"redis://default:hunter2@{server.ConnectionString}");

        await AssertAnsweredAsync(app);

        await app.Status.UntilUnavailableAsync();
        Assert.That(app.Events, Is.EqualTo(new[] { Log.UnavailableId }));
        Assert.That(app.Logs.GetSnapshot().Select(record => record.Message), Has.None.Contains("hunter2"));
        using var health = await app.SendAsync(HttpMethod.Get, "/health");
        Assert.That(await health.Content.ReadAsStringAsync(), Does.Contain("authentication failed").And.Not.Contain("hunter2"));
    }

    [Test]
    public async Task BlankAddress_BothAreOff([Values("", " ")] string redisUrl)
    {
        await using var app = new PredictionsApp(redisUrl);

        await AssertAnsweredAsync(app);

        Assert.That(app.Events, Is.EqualTo(new[] { Log.NotConfiguredId }));
        Assert.That(app.SourceReads, Is.EqualTo(Requests));
        using var response = await app.SendAsync(HttpMethod.Get, "/predictions/AAPL");
        Assert.That(response.Field("RateLimit") ?? response.Field("RateLimit-Policy") ?? response.Field("Cache-Status"), Is.Null);
    }

    // More than the limit allows: nobody can count.
    private static async Task AssertAnsweredAsync(PredictionsApp app)
    {
        for (var request = 0; request < Requests; request++)
        {
            using var response = await app.SendAsync(HttpMethod.Get, "/predictions/AAPL");
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
    }
}
