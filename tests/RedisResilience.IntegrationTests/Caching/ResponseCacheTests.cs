using System.Text;
using RedisResilience.Caching;
using RedisResilience.IntegrationTests.Servers;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Caching;

[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
public sealed class ResponseCacheTests(ServerKind kind) : ServiceFixture(kind)
{
    private static readonly TimeSpan OneMinute = TimeSpan.FromMinutes(1);

    [Test]
    public async Task StoredBody_IsTheRawBytesAndComesBackUnchanged([Values(0, 1, 4096, 1024 * 1024)] int length)
    {
        var key = SharedServers.NewKey("predictions:v1");
        var body = new byte[length];
        new Random(length).NextBytes(body);

        Assert.That(await Service.Cache.SetAsync(key, body, OneMinute), Is.True);

        if (length > 0)
        {
            Assert.That((byte[]?)await Database.StringGetAsync(key), Is.EqualTo(body));
        }

        Assert.That(await Database.KeyTimeToLiveAsync(key), Is.GreaterThan(TimeSpan.FromSeconds(50)).And.LessThanOrEqualTo(OneMinute));
        using var hit = await Service.Cache.GetAsync(key);
        Assert.That(hit.IsHit && hit.HasBody, Is.True);
        Assert.That(hit.Body.Span.SequenceEqual(body), Is.True);
        Assert.That(hit.TimeToLive, length == 0 ? Is.Not.Null : Is.Null, "only a header tells it");
    }

    [Test]
    public async Task MissingKey_IsAMiss()
    {
        using var miss = await Service.Cache.GetWithTimeToLiveAsync(SharedServers.NewKey());
        Assert.That(miss.HasBody || miss.IsHit, Is.False);
    }

    [Test]
    public async Task TimeToLive_ComesWithTheBody()
    {
        var key = SharedServers.NewKey();
        await Service.Cache.SetAsync(key, "x"u8.ToArray(), OneMinute);

        using var hit = await Service.Cache.GetWithTimeToLiveAsync(key);

        Assert.That(hit.IsHit, Is.True);
        Assert.That(hit.TimeToLive, Is.GreaterThan(TimeSpan.FromSeconds(50)).And.LessThanOrEqualTo(OneMinute));
    }

    [Test]
    public async Task EntryOfAnotherProgram_IsServed()
    {
        var key = SharedServers.NewKey();
        await Database.ExecuteAsync("SETEX", key, "60", """{"symbol":"AAPL"}""");

        using var hit = await Service.Cache.GetAsync(key);

        Assert.That(Encoding.UTF8.GetString(hit.Body.Span), Is.EqualTo("""{"symbol":"AAPL"}"""));
    }

    [Test]
    public async Task EntryWithoutEnd_IsServedWithoutATimeToLive()
    {
        var key = SharedServers.NewKey();
        await Database.StringSetAsync(key, "x");

        using var hit = await Service.Cache.GetWithTimeToLiveAsync(key);

        Assert.That(hit.IsHit, Is.True);
        Assert.That(hit.TimeToLive, Is.Null);
        await Database.KeyDeleteAsync(key);
    }

    [Test]
    public async Task AnotherTypeOfValue_IsAMissAndIsWrittenOver()
    {
        var key = SharedServers.NewKey();
        await Database.HashSetAsync(key, "field", "value");

        using var miss = await Service.Cache.GetAsync(key);
        Assert.That(miss.HasBody, Is.False);

        Assert.That(await Service.Cache.SetAsync(key, "x"u8.ToArray(), OneMinute), Is.True);
        using var hit = await Service.Cache.GetAsync(key);
        Assert.That(hit.IsHit, Is.True);
    }

    [Test]
    public async Task RemovedEntry_IsGone()
    {
        var key = SharedServers.NewKey();
        await Service.Cache.SetAsync(key, "x"u8.ToArray(), OneMinute);

        Assert.That(await Service.Cache.RemoveAsync(key), Is.True);

        Assert.That(await Database.KeyExistsAsync(key), Is.False);
        Assert.That(await Service.Cache.RemoveAsync(key), Is.True, "what is not there is certain to be gone");
    }

    [Test]
    public async Task LargerThanTheMaximum_IsNotStored()
    {
        var key = SharedServers.NewKey();

        Assert.That(await Service.Cache.SetAsync(key, new byte[(1024 * 1024) + 1], OneMinute), Is.False);

        Assert.That(await Database.KeyExistsAsync(key), Is.False);
    }

    [Test]
    public async Task GetOrCreate_AsksTheSourceOnce()
    {
        var key = SharedServers.NewKey();
        var asked = 0;

        for (var read = 0; read < 3; read++)
        {
            using var response = await Service.Cache.GetOrCreateAsync(key, OneMinute, "body", (text, _) =>
            {
                asked++;
                return new ValueTask<ReadOnlyMemory<byte>?>(Encoding.UTF8.GetBytes(text));
            });
            Assert.That(Encoding.UTF8.GetString(response.Body.Span), Is.EqualTo("body"));
            Assert.That(response.IsHit, Is.EqualTo(read > 0));
        }

        Assert.That(asked, Is.EqualTo(1));
    }

    [Test]
    public async Task KeyPrefix_StandsBeforeEveryKey()
    {
        await using var service = await ResilientService.ConnectAsync(ConnectionString, options => options.KeyPrefix = "shop:");
        var key = SharedServers.NewKey();

        await service.Cache.SetAsync(key, "x"u8.ToArray(), OneMinute);
        await service.Limiter.AcquireAsync(key, RedisResilience.RateLimiting.RateLimit.FixedWindow(1, OneMinute));

        Assert.That(await Database.KeyExistsAsync([$"shop:{key}", $"shop:ratelimit:{key}"]), Is.EqualTo(2));
    }
}
