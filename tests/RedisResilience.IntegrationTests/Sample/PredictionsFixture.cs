using RedisResilience.IntegrationTests.Servers;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Sample;

/// <summary>The sample on a shared server. Its keys are its own: before each test they are as on the first day.</summary>
internal abstract class PredictionsFixture(ServerKind kind)
{
    protected const string Count = "ratelimit:127.0.0.1";

    /// <summary>What an address has written, beside what it has asked for.</summary>
    protected const string WriteCount = "ratelimit:replacing:127.0.0.1";

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
    public Task Forget() => Database.KeyDeleteAsync([Count, WriteCount, .. new[] { "AAPL", "AMZN", "GOOG", "IBM", "MSFT" }.Select(Entry)]);

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
