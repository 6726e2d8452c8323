using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using RedisResilience.IntegrationTests.Servers;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.AspNetCore;

/// <summary>What a client holds is not fetched from Redis to be told so.</summary>
internal sealed class HeldBodyTests
{
    private const int BodyLength = 64 * 1024;
    private const int Requests = 50;

    private readonly string _body = new('x', BodyLength);
    private TestServer _server = null!;
    private ConnectionMultiplexer _connection = null!;
    private TestApp _app = null!;
    private int _runs;

    [SetUp]
    public async Task Start()
    {
        _runs = 0;
        _server = await TestServer.StartAsync(ServerKind.Redis);
        _connection = await _server.ConnectAsync();
        _app = await TestApp.StartAsync(_server.ConnectionString, Configure, options: TestApp.Patient);
    }

    [TearDown]
    public async Task Stop()
    {
        await _app.DisposeAsync();
        await _connection.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task ConditionalRequests_MoveNoBody_UntilThereIsAnother()
    {
        await GetAsync(held: null, HttpStatusCode.OK);
        var tag = await GetAsync(held: null, HttpStatusCode.OK);
        var whole = await SentWhileAsync(() => GetAsync("\"other\"", HttpStatusCode.OK));
        var held = await SentWhileAsync(() => GetAsync(tag, HttpStatusCode.NotModified));
        TestContext.Out.WriteLine(
            $"bytes from the server for {Requests} requests: {whole} where another tag is held, {held} where this one is");
        Assert.That(whole, Is.GreaterThan(Requests * BodyLength));
        Assert.That(held, Is.LessThan(BodyLength));
        Assert.That(_runs, Is.EqualTo(1));

        Assert.That(await _app.Cache.RemoveAsync("big"), Is.True);
        await GetAsync(tag, HttpStatusCode.OK);
        Assert.That(_runs, Is.EqualTo(2));
    }

    private async Task<long> SentWhileAsync(Func<Task> request)
    {
        var before = await SentAsync();
        for (var times = 0; times < Requests; times++)
        {
            await request();
        }

        return await SentAsync() - before;
    }

    private async Task<long> SentAsync() => long.Parse(
        (await _connection.GetServers()[0].InfoAsync("stats")).Single()
            .Single(line => line.Key == "total_net_output_bytes").Value, CultureInfo.InvariantCulture);

    private async Task<string> GetAsync(string? held, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/big");
        if (held is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", held);
        }

        using var response = await _app.Client.SendAsync(request);
        Assert.That(response.StatusCode, Is.EqualTo(expected));
        Assert.That((await response.Content.ReadAsStringAsync()).Length, Is.EqualTo(expected == HttpStatusCode.OK ? BodyLength : 0));
        return response.Headers.ETag!.Tag;
    }

    private void Configure(WebApplication app)
    {
        app.UseRedisResilience();
        app.MapGet("/big", () =>
        {
            // Another body each time.
            var run = Interlocked.Increment(ref _runs);
            return Results.Text($"{run}{_body[1..]}");
        }).CacheResponse("big");
    }
}
