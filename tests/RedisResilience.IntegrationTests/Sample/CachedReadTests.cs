using System.Net;
using System.Text.Json;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Sample;

/// <summary>Reads: a miss, then hits that say so, and conditional requests.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class CachedReadTests(ServerKind kind) : PredictionsFixture(kind)
{
    [Test]
    public async Task SecondRead_IsTheSameBodyFromRedis()
    {
        var reads = App.SourceReads;

        using var miss = await GetAsync("AAPL");
        using var hit = await GetAsync("AAPL");

        Assert.That(App.SourceReads, Is.EqualTo(reads + 1));
        Assert.That(miss.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; stored"));
        Assert.That(miss.Headers.Age, Is.Null);
        Assert.That(hit.Field("Cache-Status"), Does.Match("^RedisResilience; hit; ttl=(60|5[0-9])$"));
        Assert.That(hit.Headers.Age, Is.InRange(TimeSpan.Zero, TimeSpan.FromSeconds(10)));
        Assert.That(hit.Headers.ETag, Is.Not.Null.And.EqualTo(miss.Headers.ETag).And.Property("IsWeak").False);
        Assert.That(hit.Content.Headers.ContentType, Is.EqualTo(miss.Content.Headers.ContentType));
        var body = await hit.Content.ReadAsByteArrayAsync();
        Assert.That(body, Is.EqualTo(await miss.Content.ReadAsByteArrayAsync()));
        Assert.That(JsonDocument.Parse(body).RootElement.GetProperty("symbol").GetString(), Is.EqualTo("AAPL"));
    }

    [Test]
    public async Task IfNoneMatch_OfTheSameBodyIs304WithoutABody([Values] bool isStored)
    {
        using var first = await GetAsync("IBM");
        if (!isStored)
        {
            await Database.KeyDeleteAsync(Entry("IBM"));
        }

        using var second = await GetAsync("IBM", request => request.Headers.IfNoneMatch.Add(first.Headers.ETag!));

        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(await second.Content.ReadAsByteArrayAsync(), Is.Empty);
        Assert.That(second.Headers.ETag, Is.EqualTo(first.Headers.ETag));
        Assert.That(second.Field("Cache-Status"), Does.Contain(isStored ? "; hit" : "; fwd=uri-miss"));
    }

    [Test]
    public async Task IfNoneMatch_OfAnotherBodyIsAnswered()
    {
        using var response = await GetAsync("IBM", request => request.Headers.IfNoneMatch.ParseAdd("\"0000000000000000\""));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.Not.Empty);
    }

    [Test]
    public async Task Head_IsTheHitWithoutItsBody()
    {
        using var get = await GetAsync("GOOG");

        using var head = await App.SendAsync(HttpMethod.Head, "/predictions/GOOG");

        Assert.That(head.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(head.Content.Headers.ContentLength, Is.EqualTo((await get.Content.ReadAsByteArrayAsync()).Length));
        Assert.That(head.Headers.ETag, Is.EqualTo(get.Headers.ETag));
        Assert.That(head.Field("Cache-Status"), Does.Contain("; hit"));
    }

    [Test]
    public async Task HeadOfWhatIsNotStored_StoresItAsAGetDoes()
    {
        using var head = await App.SendAsync(HttpMethod.Head, "/predictions/GOOG");

        Assert.That(head.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(head.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; stored"));
        using var get = await GetAsync("GOOG");
        Assert.That(get.Field("Cache-Status"), Does.Contain("; hit"));
        Assert.That((await get.Content.ReadAsByteArrayAsync()).Length, Is.EqualTo(head.Content.Headers.ContentLength));
    }

    [Test]
    public async Task ListOfSymbols_IsNotCached()
    {
        using var list = await App.SendAsync(HttpMethod.Get, "/predictions");

        Assert.That(await list.Content.ReadAsStringAsync(), Is.EqualTo("""["AAPL","AMZN","GOOG","IBM","MSFT"]"""));
        Assert.That(list.Field("Cache-Status"), Is.Null);
    }
}
