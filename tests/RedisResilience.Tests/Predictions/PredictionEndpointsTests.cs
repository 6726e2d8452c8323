using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Driver;
using Moq;
using Predictions.Forecasting;
using Predictions.Source;
using RedisResilience.Caching;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.Predictions;

[FixtureLifeCycle(LifeCycle.SingleInstance)] // One app for all the tests.
public sealed class PredictionEndpointsTests
{
    private PredictionsApp _app = null!;
    private HttpClient _client = null!;

    [SetUp]
    public void Start()
    {
        _app = new PredictionsApp();
        _client = _app.CreateClient();
    }

    [TearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [TestCase("AAPL")]
    [TestCase("aapl")]
    public async Task KnownSymbol_GetsItsDocument(string symbol)
    {
        using var response = await _client.GetAsync($"/predictions/{symbol}");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/json"));
        Assert.That(PredictionJson.TryRead(await response.Content.ReadAsByteArrayAsync(), "AAPL", out var problem), Is.Not.Null, problem);
    }

    [Test]
    public async Task List_HasTheSymbols() =>
        Assert.That(await _client.GetFromJsonAsync<string[]>("/predictions"), Is.EqualTo(["AAPL", "AMZN", "GOOG", "IBM", "MSFT"]));

    [TestCase("/predictions/NONE")]
    [TestCase("/predictions/ABCDEFGHIJK")]
    [TestCase("/predictions/A%0aB")]
    [TestCase("/predictions/%7BAAPL%7D")]
    [TestCase("/predictions/A:B")]
    [TestCase("/predictions/%20")]
    [TestCase("/predictions/A%2FB")]
    [TestCase("/predictions/%E2%80%AEAAPL")]
    [TestCase("/elsewhere")]
    public async Task UnknownOrHostileSymbol_IsANotFoundProblem(string path)
    {
        using var read = await _client.GetAsync(path);
        using var write = await _client.PutAsync(path, content: null);

        await AssertProblemAsync(read, HttpStatusCode.NotFound);
        await AssertProblemAsync(write, HttpStatusCode.NotFound);
    }

    [TestCase("{}")]
    [TestCase("not json")]
    [TestCase("null")]
    public async Task PutOfSomethingElse_IsABadRequestProblem_AndChangesNothing(string body)
    {
        var before = await _client.GetStringAsync("/predictions/GOOG");

        using var response = await _client.PutAsync("/predictions/GOOG", new StringContent(body, Encoding.UTF8, "application/json"));

        await AssertProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.That(await _client.GetStringAsync("/predictions/GOOG"), Is.EqualTo(before));
    }

    [Test]
    public async Task PutOfTooMuch_IsRefused()
    {
        using var response = await _client.PutAsync("/predictions/GOOG", new ByteArrayContent(new byte[(256 * 1024) + 1]));

        await AssertProblemAsync(response, HttpStatusCode.RequestEntityTooLarge);
    }

    [Test]
    public async Task Put_ReplacesTheDocument_AndAnEmptyOneComputesItAgain()
    {
        var computed = await _client.GetStringAsync("/predictions/IBM");
        var mine = PredictionJson.TryRead(
            Encoding.UTF8.GetBytes(computed), "IBM", out _)! with
        { Model = new ModelDescription("mine", 0, 0, 0, 0) };

        using var replaced = await _client.PutAsync("/predictions/ibm", new ByteArrayContent(PredictionJson.Write(mine)));
        Assert.That(replaced.IsSuccessStatusCode);
        Assert.That(await _client.GetByteArrayAsync("/predictions/IBM"), Is.EqualTo(PredictionJson.Write(mine)));

        using var recomputed = await _client.PutAsync("/predictions/IBM", content: null);
        Assert.That(recomputed.IsSuccessStatusCode);
        Assert.That(await _client.GetStringAsync("/predictions/IBM"), Is.EqualTo(computed));
    }

    [Test]
    public async Task Put_InvalidatesTheCanonicalKey()
    {
        var cache = new Mock<IResponseCache>();
        await using var app = new PredictionsApp(services => services.AddSingleton(cache.Object));
        using var client = app.CreateClient();

        using var response = await client.PutAsync("/predictions/aapl", content: null);

        Assert.That(response.IsSuccessStatusCode);
        cache.Verify(it => it.RemoveAsync("predictions:v1:AAPL", It.IsAny<CancellationToken>()), Times.AtLeastOnce);
    }

    [Test]
    public async Task Denied_NeverReachesTheSource_AndHealthIsNeverLimited()
    {
        var limiter = new Mock<IRateLimiter>();
        limiter.Setup(it => it.AcquireAsync(It.IsAny<string>(), It.IsAny<RateLimit>(), It.IsAny<int>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new RateLimitDecision
            {
                IsAllowed = false,
                Limit = 100,
                Remaining = 0,
                RetryAfter = TimeSpan.FromMinutes(1),
                Source = DecisionSource.Redis,
            });
        await using var app = new PredictionsApp(services => services.AddSingleton(limiter.Object));
        using var client = app.CreateClient();

        foreach (var path in new[] { "/predictions/AAPL", "/predictions", "/predictions/%7B" })
        {
            using var denied = await client.GetAsync(path);
            await AssertProblemAsync(denied, HttpStatusCode.TooManyRequests);
        }

        using var put = await client.PutAsync("/predictions/AAPL", content: null);
        using var health = await client.GetAsync("/health");

        await AssertProblemAsync(put, HttpStatusCode.TooManyRequests);
        Assert.That(app.Reads, Is.Zero);
        Assert.That(health.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private static IEnumerable<TestCaseData> SourceFailures =>
    [
        new(new MongoException("s3cret"), HttpStatusCode.ServiceUnavailable),
        new(new TimeoutException("s3cret"), HttpStatusCode.ServiceUnavailable),
        new(new InvalidOperationException("s3cret"), HttpStatusCode.InternalServerError),
    ];

    [TestCaseSource(nameof(SourceFailures))]
    public async Task FailingSource_IsAProblemThatTellsNoDetails(Exception exception, HttpStatusCode status)
    {
        var source = new Mock<IPredictionSource>();
        source.Setup(it => it.ReadAsync("AAPL", It.IsAny<CancellationToken>())).ThrowsAsync(exception);
        await using var app = new PredictionsApp(services => services.AddSingleton(source.Object));
        using var client = app.CreateClient();

        using var response = await client.GetAsync("/predictions/AAPL");

        await AssertProblemAsync(response, status);
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Not.Contain("s3cret"));
    }

    [Test]
    public async Task Health_TellsOfRedis()
    {
        using var health = JsonDocument.Parse(await _client.GetStringAsync("/health"));

        Assert.That(health.RootElement.GetProperty("redis").GetProperty("status").GetString(), Is.EqualTo("Healthy"));
    }

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.That(response.StatusCode, Is.EqualTo(status));
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.That(problem.RootElement.GetProperty("status").GetInt32(), Is.EqualTo((int)status));
    }
}
