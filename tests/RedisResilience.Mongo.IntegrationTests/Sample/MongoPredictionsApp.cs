using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using RedisResilience.Diagnostics;
using RedisResilience.Mongo.IntegrationTests.Servers;

namespace RedisResilience.Mongo.IntegrationTests.Sample;

/// <summary>The sample with <c>REDIS_URL</c> and <c>MONGO_URL</c>, on a port of its own.</summary>
internal sealed class MongoPredictionsApp : WebApplicationFactory<Program>
{
    private readonly string _redis;
    private readonly string _mongo;

    private MongoPredictionsApp(string redis, string mongo)
    {
        (_redis, _mongo) = (redis, mongo);
        UseKestrel();
        StartServer();
        Client = CreateClient();
    }

    public HttpClient Client { get; }

    public FakeLogCollector Logs { get; } = new();

    public static async Task<MongoPredictionsApp> StartAsync(string redis, string mongo)
    {
        var app = new MongoPredictionsApp(redis, mongo);
        await app.Services.GetRequiredService<IRedisStatus>().WaitUntilAvailableAsync().WaitAsync(Until.Patience);

        // The sample waits no longer than 2 s for MongoDB, and a first connection on a busy machine may take that.
        await Until.TrueAsync(
            async () => (await app.Client.GetAsync(new Uri("/predictions", UriKind.Relative))).IsSuccessStatusCode, "It does not answer.");
        return app;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
        .ConfigureLogging(logging => logging.AddProvider(new FakeLoggerProvider(Logs)))
        .UseSetting("REDIS_URL", _redis)
        .UseSetting("MONGO_URL", _mongo)
        .UseSetting("RedisResilience:Permits", "1000000")
        .UseSetting("RedisResilience:TimeToLive", "01:00:00")
        .UseSetting("RedisResilience:CommandDeadline", "00:00:10")
        .UseSetting("RedisResilience:MaximumCommandDeadline", "00:00:10");
}
