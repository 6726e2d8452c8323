using System.Text;
using RedisResilience.Caching;
using RedisResilience.IntegrationTests.Servers;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Caching;

/// <summary>Thousands of callers miss at once, each another key, on a server that is well.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class ManyMissesTests(ServerKind kind)
{
    private const int Keys = 5000;

    private static readonly CacheEntryOptions Entry = new(TimeSpan.FromMinutes(1));

    [Test]
    public async Task All_AreAnswered_AndWhatTheyLoadIsStored()
    {
        var server = await SharedServers.GetAsync(kind);
        await using var service = await ResilientService.ConnectAsync(server.ConnectionString);
        await using var connection = await server.ConnectAsync();
        var (prefix, failed) = (SharedServers.NewKey("many"), 0);
        var began = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Keys).Select(async key =>
        {
            try
            {
                using var response = await service.Cache.GetOrCreateAsync($"{prefix}:{key}", Entry, key, static async (key, _) =>
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
                    return new SourceResponse(Encoding.UTF8.GetBytes($"{key}"));
                });
            }
            catch (SourceOverloadedException)
            {
                Interlocked.Increment(ref failed);
            }
        }));
        var took = TimeProvider.System.GetElapsedTime(began);
        await Task.Delay(1000);
        var keys = Enumerable.Range(0, Keys).Select(key => (RedisKey)$"{prefix}:{key}").ToArray();
        var stored = await connection.GetDatabase().KeyExistsAsync(keys);
        TestContext.Out.WriteLine($"{failed} failed, {stored} stored of {Keys}, {took.TotalMilliseconds:0} ms, events {string.Join(',', service.Events)}");
        Assert.That((failed, stored), Is.EqualTo((0, Keys)));
    }
}
