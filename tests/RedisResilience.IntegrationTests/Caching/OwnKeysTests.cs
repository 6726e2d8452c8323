using RedisResilience.Caching;
using RedisResilience.IntegrationTests.Servers;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Caching;

/// <summary>The library's own keys on real servers: what stands under them and is none, and which patterns cover them.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class OwnKeysTests(ServerKind kind)
{
    private static readonly CacheEntryOptions Minute = new(TimeSpan.FromMinutes(1)) { Tags = ["tag"] };

    private readonly string _prefix = SharedServers.NewKey("own") + ":";

    [TestCase("nf:v1:AAPL")]
    [TestCase("{PREFIXnf:v1:AAPL}:lease")]
    [TestCase("redisresilience:tag:tag")]
    [TestCase("redisresilience:namespace:nf:v1")]
    [TestCase("redisresilience:namespace:all")]
    [TestCase("{PREFIXredisresilience:namespace:nf:v1}:copy")]
    public async Task AnotherTypeUnderAKey_IsWrittenOver(string key)
    {
        var server = await SharedServers.GetAsync(kind);
        await using var client = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        await using var service = await ConnectAsync(server.ConnectionString);
        RedisKey whole = key.StartsWith('{') ? key.Replace("PREFIX", _prefix, StringComparison.Ordinal) : _prefix + key;
        await client.GetDatabase().ListRightPushAsync(whole, "x");
        await client.GetDatabase().KeyExpireAsync(whole, TimeSpan.FromMinutes(1));

        Assert.That(await service.Cache.RemoveNamespaceAsync("nf:v1"), Is.True);
        Assert.That(await service.Cache.RemoveByTagAsync("tag"), Is.True);
        Assert.That(await service.Cache.ClearAsync(), Is.True);
        Assert.That(await StoresAsync(service.Cache), Is.True);
    }

    [Test]
    public async Task ListUnderAnEntrysKey_IsReplacedByTheFirstFill()
    {
        var server = await SharedServers.GetAsync(kind);
        await using var client = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        await using var service = await ConnectAsync(server.ConnectionString);
        await client.GetDatabase().ListRightPushAsync(_prefix + "nf:v1:AAPL", "x");
        await client.GetDatabase().KeyExpireAsync(_prefix + "nf:v1:AAPL", TimeSpan.FromMinutes(1));
        Assert.That(await StoresAsync(service.Cache), Is.True);
    }

    [TestCase("9223372036854775807")]
    [TestCase("7")]
    [TestCase("x")]
    public async Task NumberOfSomebodyElseUnderANamespace_DoesNotKeepItFromBeingGivenUp(string text)
    {
        var server = await SharedServers.GetAsync(kind);
        await using var client = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        await using var service = await ConnectAsync(server.ConnectionString);
        await client.GetDatabase().StringSetAsync(_prefix + "redisresilience:namespace:nf:v1", text, TimeSpan.FromMinutes(1));
        Assert.That(await StoresAsync(service.Cache), Is.True);
        Assert.That(await service.Cache.RemoveNamespaceAsync("nf:v1"), Is.True);
        using var read = await service.Cache.GetAsync("nf:v1:AAPL");
        Assert.That(read.HasBody, Is.False);
    }

    [Test]
    public async Task TwoPatterns_CoverAllKeys()
    {
        if (kind == ServerKind.Garnet)
        {
            Assert.Ignore("Its ACL has no patterns of keys.");
        }

        var server = await SharedServers.GetAsync(kind);
        await using var client = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        var user = $"u{Guid.NewGuid():N}";
        await client.GetDatabase().ExecuteAsync("ACL", "SETUSER", user, "on", ">secret", $"~{_prefix}*", $"~{{{_prefix}*", "&*", "+@all");
        try
        {
            await using var service = await ConnectAsync($"{server.ConnectionString},user={user},password=secret");
            Assert.That(await StoresAsync(service.Cache), Is.True);
            Assert.That(await service.Cache.RemoveByTagAsync("tag"), Is.True);
            Assert.That(await service.Cache.RemoveNamespaceAsync("nf:v1"), Is.True);
            Assert.That(await service.Cache.RemoveAsync("a{b}c"), Is.True);
            Assert.That(await service.Cache.ClearAsync(), Is.True);
        }
        finally
        {
            await client.GetDatabase().ExecuteAsync("ACL", "DELUSER", user);
        }
    }

    private Task<ResilientService> ConnectAsync(string connectionString) => ResilientService.ConnectAsync(connectionString, options =>
    {
        options.KeyPrefix = _prefix;
        options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(10);
        options.MaximumVersionAge = TimeSpan.Zero;
    });

    private static async Task<bool> StoresAsync(IResponseCache cache)
    {
        (await cache.GetOrCreateAsync(
            "nf:v1:AAPL", Minute, 0, static (_, _) => new ValueTask<SourceResponse>(new SourceResponse("body"u8.ToArray())))).Dispose();
        var isThere = false;
        for (var attempt = 0; !isThere && attempt < 200; attempt++)
        {
            // The fill is not waited for.
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            using var read = await cache.GetAsync("nf:v1:AAPL");
            isThere = read.IsHit;
        }

        return isThere;
    }
}
