using System.Net;
using System.Text.Json;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Sample;

/// <summary>The sample's own calls of another API go through the cache of <c>RedisResilience.Http</c>.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class QuotesTests(ServerKind kind) : PredictionsFixture(kind)
{
    [Test]
    public async Task ManyRequests_AskTheOtherSideOnce()
    {
        var first = await AskAsync("GOOG");
        var before = first.GetProperty("requests").GetInt32();

        JsonElement answer = default;
        for (var request = 0; request < 20; request++)
        {
            answer = await AskAsync("GOOG");
        }

        // One more where the machine was so busy that the first one had gone stale.
        Assert.That(answer.GetProperty("requests").GetInt32(), Is.LessThanOrEqualTo(before + 1));
        Assert.That(answer.GetProperty("cache").GetString(), Does.Contain("; hit"));
        Assert.That(answer.GetProperty("quote").GetString(), Does.StartWith("{\"symbol\":\"GOOG\",\"price\":"));
    }

    [TestCase("NONE")]
    [TestCase("a%2Fb")]
    public async Task UnknownSymbol_IsNotFound(string symbol)
    {
        using var response = await App.SendAsync(HttpMethod.Get, $"/quotes/{symbol}");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private async Task<JsonElement> AskAsync(string symbol)
    {
        using var response = await App.SendAsync(HttpMethod.Get, $"/quotes/{symbol}");
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }
}
