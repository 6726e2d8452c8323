using System.Net;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Sample;

/// <summary>What redis-cli shows: the keys and values of the first system.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class StoredKeysTests(ServerKind kind) : PredictionsFixture(kind)
{
    [Test]
    public async Task OneRequest_LeavesTheBodyAndTheCount()
    {
        using var response = await GetAsync("AAPL");
        var body = await response.Content.ReadAsByteArrayAsync();
        await UntilStoredAsync("AAPL");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((byte[]?)await Database.StringGetAsync(Entry("AAPL")), Is.EqualTo(body).And.Not.Empty);
        Assert.That(await Database.KeyTimeToLiveAsync(
            Entry("AAPL")), Is.GreaterThan(TimeSpan.FromSeconds(50)).And.LessThanOrEqualTo(TimeSpan.FromMinutes(1)));
        Assert.That((string?)await Database.StringGetAsync(Count), Is.EqualTo("1"));
        Assert.That(await Database.KeyTimeToLiveAsync(
            Count), Is.GreaterThan(TimeSpan.FromMinutes(59)).And.LessThanOrEqualTo(TimeSpan.FromHours(1)));
    }

    [Test]
    public async Task LowerCaseSymbol_UsesTheSameEntry()
    {
        using var stored = await GetAsync("AAPL");

        using var hit = await GetAsync("aapl");

        Assert.That(hit.Field("Cache-Status"), Does.StartWith("RedisResilience; hit"));
        Assert.That(await hit.Content.ReadAsStringAsync(), Is.EqualTo(await stored.Content.ReadAsStringAsync()));
        Assert.That(await Database.KeyExistsAsync(Entry("aapl")), Is.False);
    }

    [Test]
    public async Task KeysOfAnotherProgram_AreShared()
    {
        await Database.ExecuteAsync("SETEX", Entry("MSFT"), "60", """{"by":"another program"}""");
        await Database.ExecuteAsync("SETEX", Count, "3600", "41");

        using var response = await GetAsync("MSFT");

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("""{"by":"another program"}"""));
        Assert.That((string?)await Database.StringGetAsync(Count), Is.EqualTo("42"));
    }
}
