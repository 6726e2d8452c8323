using Microsoft.Extensions.DependencyInjection;
using Predictions.Endpoints;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Sample;

/// <summary>The sample on a shared server. Its keys are its own: before each test they are as on the first day.</summary>
internal abstract class PredictionsFixture(ServerKind kind)
{
    protected const string Count = "ratelimit:127.0.0.1";

    private static readonly RateLimit Requests = RateLimit.FixedWindow(100, TimeSpan.FromHours(1));
    internal static readonly RateLimit Writes = RateLimit.TokenBucket(10, TimeSpan.FromMinutes(1)) with
    {
        Name = PredictionEndpoints.Replacing,
    };

    private ConnectionMultiplexer _connection = null!;

    protected PredictionsApp App { get; private set; } = null!;

    protected IDatabase Database { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var server = await SharedServers.GetAsync(kind);
        App = await PredictionsApp.ConnectAsync(server.ConnectionString, PredictionsApp.Patient);
        _connection = await server.ConnectAsync();
        Database = _connection.GetDatabase();
    }

    [SetUp]
    public async Task Forget()
    {
        await Database.KeyDeleteAsync([.. new[] { "AAPL", "AMZN", "GOOG", "IBM", "MSFT" }.Select(Entry)]);

        // Not behind the app's back: it may remember whom Redis has denied.
        var limiter = App.Services.GetRequiredService<IRateLimiter>();
        await limiter.ResetAsync("127.0.0.1", Requests);
        await limiter.ResetAsync("127.0.0.1", Writes);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await App.DisposeAsync();
        await _connection.DisposeAsync();
    }

    protected static RedisKey Entry(string symbol) => $"predictions:v1:{symbol}";

    protected Task<HttpResponseMessage> GetAsync(string symbol, Action<HttpRequestMessage>? configure = null) =>
        App.SendAsync(HttpMethod.Get, $"/predictions/{symbol}", configure);

    /// <summary>The client has its answer before Redis has stored it.</summary>
    protected async Task UntilStoredAsync(string symbol)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!await Database.KeyExistsAsync(Entry(symbol)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, patience.Token);
        }
    }
}
