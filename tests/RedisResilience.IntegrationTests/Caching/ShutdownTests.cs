using System.Text;
using RedisResilience.Caching;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Caching;

/// <summary>A process that ends right after its caller was answered: what it was about to store is stored, and nobody waits for a filler
/// who has gone.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class ShutdownTests(ServerKind kind)
{
    [Test]
    public async Task EntryUnderWay_IsStored()
    {
        var server = await SharedServers.GetAsync(kind);
        await using var proxy = new LatencyProxy(server.Port, TimeSpan.FromMilliseconds(40));
        var key = SharedServers.NewKey();
        await using (var service = await ResilientService.ConnectPatientlyAsync(proxy.ConnectionString))
        {
            using var created = await service.Cache.GetOrCreateAsync(
                key, TimeSpan.FromMinutes(1), "body", static (body, _) =>
                    new ValueTask<ReadOnlyMemory<byte>?>(Encoding.UTF8.GetBytes(body)));
            Assert.That(created.Outcome, Is.EqualTo(CacheOutcome.Created));
        }

        await using var connection = await server.ConnectAsync();
        Assert.That((string?)await connection.GetDatabase().StringGetAsync(key), Is.EqualTo("body"));
    }
}
