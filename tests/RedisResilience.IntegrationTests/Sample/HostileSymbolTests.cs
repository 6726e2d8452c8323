using Microsoft.Extensions.DependencyInjection;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Sample;

/// <summary>What is no symbol is told so, and leaves nothing in Redis.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class HostileSymbolTests(ServerKind kind)
{
    private static readonly string[] Symbols =
    [
        "%00", "AAPL%00", "%0a", "AAPL%0D%0A", "%7F", "%C2%80", "{symbol}", "%7BAAPL%7D", "}{", "a:b", "AAPL%3Av2", "*", "%3F*", "AAPL%20",
        "+", "AAPL%2B",
        "%", "%2", "%zz", "AAPL%", "%u0041", "%2e%2e", "..%2fAAPL", "%2FAAPL", "%5C", "\\", "AAPL;x=1", "AAPL,IBM", "$(id)", "'%20OR%201=1",
        "%24ne",
        "%C3%A9", "é", "%F0%9F%98%80", "%EF%BC%A1%EF%BC%A1", "%ED%A0%80", "%FF", "%C0%AF", "%E2%80%8BAAPL", "ABCDEFGHIJK", new('A', 2000),
        string.Concat(Enumerable.Repeat("%00", 600)),
    ];

    private TestServer _server = null!;
    private ConnectionMultiplexer _connection = null!;
    private PredictionsApp _app = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await TestServer.StartAsync(kind);
        _connection = await _server.ConnectAsync();
        _app = await PredictionsApp.ConnectAsync(
            _server.ConnectionString, [.. PredictionsApp.Patient, ("RedisResilience:Permits", "1000000")]);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _app.DisposeAsync();
        await _connection.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task HostileSymbol_Is400Or404AndLeavesNoEntry(
        [ValueSource(nameof(Symbols))] string symbol, [Values("GET", "PUT")] string method)
    {
        // Writes are few a minute, and these are many.
        await _app.Services.GetRequiredService<IRateLimiter>().ResetAsync("127.0.0.1", PredictionsFixture.Writes);
        Assert.That(
            await RawRequest.SendAsync(_app.Client.BaseAddress!, method, $"/predictions/{symbol}"), Is.AnyOf(Answers(symbol, method)));

        Assert.That(await KeysAsync(), Is.SubsetOf(new[] { "ratelimit:127.0.0.1", "ratelimit:replacing:127.0.0.1" }));
    }

    // A path of dots is resolved before anything is routed: it is the page at the root, which only answers GET.
    private static object[] Answers(string symbol, string method) => symbol == "%2e%2e" ? [method == "GET" ? 200 : 405] : [400, 404];

    private async Task<string[]> KeysAsync() => (string[])(await _connection.GetDatabase().ExecuteAsync("KEYS", "*"))!;
}
