using System.Text.RegularExpressions;
using RedisResilience.Caching;
using RedisResilience.IntegrationTests.Packages;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Pools;

namespace RedisResilience.IntegrationTests.Acl;

/// <summary>The page on keys names all that a server then has, and nothing that is never made.</summary>
public sealed partial class KeysPageTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly CacheEntryOptions Tagged = new(Hour) { Tags = ["tag"] };

    // The application's own, as they are given.
    private static readonly string[] Own = ["items:v1:1", "items:v2:1", "plain", "a{b}c", "a}b{c"];

    [Test]
    public async Task KeysOfARealServer_AreThoseOfThePage()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var service = await ResilientService.ConnectPatientlyAsync(server.ConnectionString);
        await using var other = await server.ConnectAsync();
        HashSet<string> seen = [];
        void Look() => seen.UnionWith(other.GetServers()[0].Keys().Select(key => (string)key!));

        await LimitAsync(service, Look);
        await CacheAsync(service, Look);

        var rows = Rows().Where(row => row != "KEY")
            .ToDictionary(row => row, row => new Regex($"^{Placeholder().Replace(Regex.Escape(row), ".+")}$"));
        var keys = seen.Except(Own).ToArray();
        Assert.That(keys.Where(key => !rows.Values.Any(row => row.IsMatch(key))), Is.Empty, "keys that the page does not name");
        Assert.That(
            rows.Where(row => !keys.Any(row.Value.IsMatch)).Select(row => row.Key),
            Is.EqualTo(new[] { "redisresilience:mark:NAME", "redisresilience:upstream:KEY" }),
            "rows without a key: MongoDB's, and HttpClient's");
    }

    private static async Task LimitAsync(ResilientService service, Action look)
    {
        var limit = RateLimit.FixedWindow(5, Hour);
        await service.Limiter.AcquireAsync("alice", limit);
        await service.Limiter.AcquireAsync("tenant:alice", limit);
        await service.Limiter.AcquireAsync("alice", limit with { Name = "policy", FailurePolicy = FailurePolicy.Local });
        await using var lease = (await service.Limiter.AcquireAsync("held", RateLimit.Concurrency(2))).Lease;
        await service.Pool.AddAsync("account", 1, new PermitBatch(5, 90, Hour, Hour));
        look();
    }

    private static async Task CacheAsync(ResilientService service, Action look)
    {
        foreach (var key in Own.Append("ratelimit:mine"))
        {
            // While the source is asked, the lease is there.
            using var response = await service.Cache.GetOrCreateAsync(key, Tagged, look, static (look, _) =>
            {
                look();
                return new ValueTask<SourceResponse>(new SourceResponse(new byte[9]));
            });
            Assert.That(await service.Cache.SetAsync(key, new byte[9], Hour), Is.True);
            look();
        }

        await service.Cache.RemoveByTagAsync("tag");
        await service.Cache.RemoveNamespaceAsync("items:v1");
        await service.Cache.SetAsync("items:v1:1", new byte[9], Hour);
        look();
        await service.Cache.ClearAsync();
        await service.Cache.SetAsync("plain", new byte[9], Hour);
        look();
    }

    private static IEnumerable<string> Rows() => File.ReadLines(Path.Combine(PackedProjects.Metadata("RepositoryRoot"), "docs", "keys.md"))
        .Select(line => Row().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value);

    // A row of four cells: the tables of prefixes have fewer.
    [GeneratedRegex("^\\| `([^`]+)` \\|[^|]+\\|[^|]+\\|$")]
    private static partial Regex Row();

    [GeneratedRegex("[A-Z]{2,}")]
    private static partial Regex Placeholder();
}
