using System.Globalization;
using System.Net;
using System.Text.Json;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Sample;

/// <summary>100 requests an hour for each address, as the first system gave them.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class RateLimitedTests(ServerKind kind) : PredictionsFixture(kind)
{
    private const int Permits = 100;

    [Test]
    public async Task Requests1To100_CarryTheFields_AndRequest101Is429()
    {
        for (var request = 1; request <= Permits; request++)
        {
            using var allowed = await GetAsync("AAPL");
            Assert.That(allowed.StatusCode, Is.EqualTo(HttpStatusCode.OK), $"request {request}");
            AssertFields(allowed, remaining: Permits - request);
        }

        using var denied = await GetAsync("AAPL");

        Assert.That(denied.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        AssertFields(denied, remaining: 0);
        Assert.That(denied.Headers.RetryAfter?.Delta, Is.InRange(TimeSpan.FromSeconds(3500), TimeSpan.FromHours(1)));
        Assert.That(denied.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        var problem = JsonDocument.Parse(await denied.Content.ReadAsStreamAsync()).RootElement;
        Assert.That(problem.GetProperty("status").GetInt32(), Is.EqualTo(429));
        Assert.That(problem.GetProperty("title").GetString(), Is.Not.Empty);
        Assert.That((string?)await Database.StringGetAsync(Count), Is.EqualTo("100"), "denied requests take nothing");
    }

    [Test]
    public async Task DeniedRequest_NeverReachesTheSource()
    {
        await Database.StringSetAsync(Count, Permits, TimeSpan.FromHours(1));
        var reads = App.SourceReads;

        foreach (var (method, path) in new[] { (
            HttpMethod.Get, "/predictions/IBM"), (HttpMethod.Put, "/predictions/IBM"), (HttpMethod.Get, "/predictions") })
        {
            using var denied = await App.SendAsync(method, path);
            Assert.That(denied.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests), $"{method} {path}");
        }

        Assert.That(App.SourceReads, Is.EqualTo(reads));
        Assert.That(await Database.KeyExistsAsync(Entry("IBM")), Is.False);
    }

    [Test]
    public async Task CachedBody_IsDeniedToo()
    {
        using var miss = await GetAsync("GOOG");
        await Database.StringSetAsync(Count, Permits, TimeSpan.FromHours(1));

        using var denied = await GetAsync("GOOG");

        Assert.That(denied.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(denied.Field("Cache-Status"), Is.Null);
    }

    [Test]
    public async Task Health_IsNeverLimited()
    {
        await Database.StringSetAsync(Count, Permits, TimeSpan.FromHours(1));

        using var health = await App.SendAsync(HttpMethod.Get, "/health");

        Assert.That(health.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(health.Field("RateLimit") ?? health.Field("RateLimit-Policy"), Is.Null);
        Assert.That(await health.Content.ReadAsStringAsync(), Does.Contain("\"Healthy\""));
        Assert.That((string?)await Database.StringGetAsync(Count), Is.EqualTo("100"));
    }

    [Test]
    public async Task UnknownSymbol_CountsAndIsAProblem()
    {
        using var unknown = await GetAsync("NOPE");

        Assert.That(unknown.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(unknown.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        AssertFields(unknown, remaining: Permits - 1);
        Assert.That(await Database.KeyExistsAsync(Entry("NOPE")), Is.False);
    }

    private static void AssertFields(HttpResponseMessage response, int remaining)
    {
        Assert.That(response.Field("RateLimit-Policy"), Is.EqualTo($"\"default\";q={Permits};w=3600"));
        var state = response.Field("RateLimit")!.Split(";t=");
        Assert.That(state[0], Is.EqualTo($"\"default\";r={remaining}"));
        Assert.That(int.Parse(state[1], CultureInfo.InvariantCulture), Is.InRange(3500, 3600));
    }
}
