using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Diagnostics;
using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.Mongo.IntegrationTests.Wire;

namespace RedisResilience.Mongo.IntegrationTests.Documents;

/// <summary>A cached endpoint whose MongoDB goes away: what is stale is served, and what was never cached is 503.</summary>
public sealed class StaleOverHttpTests
{
    [Test]
    public async Task MongoAway_TheStaleResponseIsServed_WhereTheEndpointAllowsIt()
    {
        await using var mongo = new WireReplicaSet();
        await using var redis = await RedisServer.StartNewAsync();
        using (var client = MongoServers.NewClient(mongo.ConnectionString))
        {
            await client.GetDatabase("http").GetCollection<BsonDocument>("documents").InsertOneAsync(new() { { "_id", "A" }, { "v", 1 } });
        }

        await using var app = Build(redis.ConnectionString, mongo.ConnectionString);
        await app.StartAsync();
        await app.Services.GetRequiredService<IRedisStatus>().WaitUntilAvailableAsync().WaitAsync(Until.Patience);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        await Until.TrueAsync(() => IsAsync(http, "kept/A", "stored"), "It is never kept.");
        await Until.TrueAsync(() => IsAsync(http, "dropped/A", "stored"), "It is never kept.");
        await mongo.StopAsync();

        await Until.TrueAsync(() => IsAsync(http, "kept/A", "detail=stale-if-error"), "It is never stale.");
        await Until.TrueAsync(async () => await StatusAsync(http, "dropped/A") == HttpStatusCode.ServiceUnavailable, "It is served on.");
        using var missing = await http.GetAsync(new Uri("kept/B", UriKind.Relative));
        Assert.That(missing.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(missing.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero));
        mongo.Start();
    }

    private static WebApplication Build(string redis, string mongo)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddProblemDetails();
        builder.Services.AddRedisResilience(redis, Patient)
            .AddHttp()
            .AddMongo(options =>
            {
                (options.ConnectionString, options.Database, options.Collection) = (mongo, "http", "documents");
                options.KeyPrefix = "http:v1";
            });
        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseRedisResilience();
        app.MapGet("/kept/{id}", ReadAsync).CacheResponse(response =>
            response.Key("kept:v1:{id}").Duration(TimeSpan.FromSeconds(1)).StaleIfError(TimeSpan.FromHours(1)));
        app.MapGet("/dropped/{id}", ReadAsync).CacheResponse(response => response.Key("dropped:v1:{id}").Duration(TimeSpan.FromSeconds(1)));
        return app;
    }

    private static void Patient(RedisResilienceOptions options) =>
        options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(10);

    private static async Task<IResult> ReadAsync(string id, IMongoDocumentStore store) =>
        await store.ReadAsync(id) is { } document ? Results.Bytes(document, "application/json") : Results.NotFound();

    private static async Task<bool> IsAsync(HttpClient http, string path, string status)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
        return response.Headers.TryGetValues("Cache-Status", out var lines) && lines.Single().Contains(status, StringComparison.Ordinal)
            && await response.Content.ReadAsStringAsync() == """{"v":1}""";
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
        return response.StatusCode;
    }
}
