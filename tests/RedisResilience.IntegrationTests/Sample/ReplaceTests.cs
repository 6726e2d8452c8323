using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Sample;

/// <summary>Writes: a replaced document is seen by the very next read, and nothing but a document is taken.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class ReplaceTests(ServerKind kind) : PredictionsFixture(kind)
{
    [Test]
    public async Task ReplacedDocument_IsTheNextRead()
    {
        var (document, changed) = await ReadAndChangeAsync("AMZN", json => json["asOf"] = "1999-12");

        using var put = await PutAsync("amzn", changed);
        using var next = await GetAsync("AMZN");

        Assert.That(put.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(next.Field("Cache-Status"), Does.Contain("; fwd=uri-miss"));
        Assert.That(JsonNode.Parse(await next.Content.ReadAsStringAsync())!["asOf"]!.GetValue<string>(), Is.EqualTo("1999-12"));

        using var recomputed = await PutAsync("AMZN", "");
        using var afterwards = await GetAsync("AMZN");
        Assert.That(await recomputed.Content.ReadAsStringAsync(), Is.EqualTo(document));
        Assert.That(await afterwards.Content.ReadAsStringAsync(), Is.EqualTo(document));
        Assert.That(afterwards.Field("Cache-Status"), Does.Contain("; fwd=uri-miss"));
    }

    [Test]
    public async Task Writes1To10_AreCountedBesideTheRequests_AndWrite11Is429()
    {
        for (var write = 1; write <= 10; write++)
        {
            using var allowed = await PutAsync("AAPL", "");
            Assert.That(allowed.StatusCode, Is.EqualTo(HttpStatusCode.OK), $"write {write}");
            Assert.That(allowed.Field("RateLimit-Policy"), Is.EqualTo("\"default\";q=100;w=3600, \"replacing\";q=10;w=60"));
        }

        using var denied = await PutAsync("AAPL", "");
        Assert.That(denied.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(denied.Field("RateLimit"), Does.Match("^\"replacing\";r=0;t=[1-6]$"));
        Assert.That(await denied.Content.ReadAsStringAsync(), Does.Contain("\"violated-policies\":[\"replacing\"]"));

        using var read = await GetAsync("AAPL");
        Assert.That(read.Field("RateLimit"), Does.StartWith("\"default\";r=89;"), "the denied write was given back");
    }

    [TestCase("{")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("\"text\"")]
    [TestCase("{\"symbol\":\"MSFT\"}")]
    [TestCase(" ")]
    [TestCase("\0")]
    public Task NotADocument_Is400(string body) => AssertRefusedAsync(body);

    [Test]
    public async Task AnotherSymbol_Is400() =>
        await AssertRefusedAsync((await ReadAndChangeAsync("MSFT", json => json["symbol"] = "IBM")).Changed);

    [Test]
    public async Task UnknownMember_Is400() =>
        await AssertRefusedAsync((await ReadAndChangeAsync("MSFT", json => json["more"] = 1)).Changed);

    [Test]
    public async Task MissingMember_Is400() =>
        await AssertRefusedAsync((await ReadAndChangeAsync("MSFT", json => json.Remove("forecast"))).Changed);

    [Test]
    public async Task NullMember_Is400() =>
        await AssertRefusedAsync((await ReadAndChangeAsync("MSFT", json => json["forecast"] = null)).Changed);

    [TestCase("NOPE")]
    [TestCase("AAPL%0A")]
    public async Task UnknownSymbol_Is404(string symbol)
    {
        using var response = await PutAsync(symbol, "");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task TooLarge_Is413([Values] bool isChunked)
    {
        using var response = await App.SendAsync(HttpMethod.Put, "/predictions/MSFT", request =>
        {
            request.Content = new ByteArrayContent(new byte[(256 * 1024) + 1]);
            request.Headers.TransferEncodingChunked = isChunked;
        });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
    }

    private async Task AssertRefusedAsync(string body)
    {
        using var before = await GetAsync("MSFT");

        using var response = await PutAsync("MSFT", body);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        await Database.KeyDeleteAsync(Entry("MSFT"));
        using var after = await GetAsync("MSFT");
        Assert.That(
            await after.Content.ReadAsStringAsync(), Is.EqualTo(await before.Content.ReadAsStringAsync()), "the source has what it had");
    }

    private Task<HttpResponseMessage> PutAsync(string symbol, string body) =>
        App.SendAsync(HttpMethod.Put, $"/predictions/{symbol}", request =>
            request.Content = new StringContent(body, Encoding.UTF8, "application/json"));

    private async Task<(string Document, string Changed)> ReadAndChangeAsync(string symbol, Action<JsonObject> change)
    {
        using var response = await GetAsync(symbol);
        var document = await response.Content.ReadAsStringAsync();
        var json = JsonNode.Parse(document)!.AsObject();
        change(json);
        return (document, json.ToJsonString());
    }
}
