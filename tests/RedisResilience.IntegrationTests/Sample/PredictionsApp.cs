using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Predictions.Source;
using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Sample;

/// <summary>The sample within this process, on a real port of 127.0.0.1, with the Redis of a test's choice.</summary>
internal sealed class PredictionsApp : WebApplicationFactory<Program>
{
    /// <summary>For tests of what is answered and not of when: then no busy machine makes Redis look away.</summary>
    public static readonly (string Name, string Value)[] Patient =
        [("RedisResilience:CommandDeadline", "00:00:10"), ("RedisResilience:MaximumCommandDeadline", "00:00:10")];

    private readonly string _redisUrl;
    private readonly (string Name, string Value)[] _settings;

    public PredictionsApp(string redisUrl, params (string Name, string Value)[] settings)
    {
        _redisUrl = redisUrl;
        _settings = settings;

        // Not the in-memory server: its clients have no address. And no port from here, for the app may already be starting: it takes a
        // free one itself.
        UseKestrel();
        StartServer();
        Client = CreateClient();
    }

    public HttpClient Client { get; }

    public FakeLogCollector Logs { get; } = new();

    /// <summary>The ids of what the library has logged, in order.</summary>
    public IEnumerable<int> Events => Logs.GetSnapshot()
        .Where(record => record.Category?.StartsWith("RedisResilience", StringComparison.Ordinal) == true).Select(record => record.Id.Id);

    public IRedisStatus Status => Services.GetRequiredService<IRedisStatus>();

    /// <summary>How often the source of truth was read.</summary>
    public long SourceReads => ((EmbeddedPredictionSource)Services.GetRequiredService<IPredictionSource>()).Reads;

    /// <summary>The sample, once it uses its Redis.</summary>
    public static async Task<PredictionsApp> ConnectAsync(string redisUrl, params (string Name, string Value)[] settings)
    {
        var app = new PredictionsApp(redisUrl, settings);
        await app.Status.UntilAvailableAsync();
        return app;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, Action<HttpRequestMessage>? configure = null)
    {
        using var request = new HttpRequestMessage(method, path);
        configure?.Invoke(request);
        return await Client.SendAsync(request);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("REDIS_URL", _redisUrl).UseSetting("MONGO_URL", "");
        foreach (var (name, value) in _settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(new FakeLoggerProvider(Logs)));
    }
}
