using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.RateLimiting;

/// <summary>Whatever stands under our key, nobody is locked out for longer than a window and nobody sees an exception.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
public sealed class CorruptCountTests(ServerKind kind)
{
    private static readonly FixedWindow ThreeAMinute = RateLimit.FixedWindow(3, TimeSpan.FromMinutes(1));

    public enum State
    {
        Hash,
        List,
        Text,
        Empty,
        Negative,
        Fraction,
        BeyondIntegers,
        Zero,
    }

    [Test]
    public async Task Garbage_IsTreatedAsEmptyAndWrittenOver([Values] State state)
    {
        var server = await SharedServers.GetAsync(kind);
        await using var service = await ResilientService.ConnectAsync(server.ConnectionString);
        await using var connection = await server.ConnectAsync();
        var database = connection.GetDatabase();
        var key = SharedServers.NewKey();
        await PutAsync(database, $"ratelimit:{key}", state);

        var decision = await service.Limiter.AcquireAsync(key, ThreeAMinute);

        Assert.That(decision, Has.Property("IsAllowed").True.And.Property("Remaining").EqualTo(2).And.Property("Decider").EqualTo(RateLimitDecider.Redis));
        Assert.That((int)await database.StringGetAsync($"ratelimit:{key}"), Is.EqualTo(1));
        Assert.That(await database.KeyTimeToLiveAsync($"ratelimit:{key}"), Is.LessThanOrEqualTo(ThreeAMinute.Window));
    }

    [Test]
    public async Task CountWithoutEnd_IsKeptAndGivenOne()
    {
        var server = await SharedServers.GetAsync(kind);
        await using var service = await ResilientService.ConnectAsync(server.ConnectionString);
        await using var connection = await server.ConnectAsync();
        var key = SharedServers.NewKey();
        await connection.GetDatabase().StringSetAsync($"ratelimit:{key}", 7);

        var decision = await service.Limiter.AcquireAsync(key, ThreeAMinute);

        Assert.That(decision.IsAllowed, Is.False);
        Assert.That(await connection.GetDatabase().KeyTimeToLiveAsync($"ratelimit:{key}"), Is.Not.Null.And.LessThanOrEqualTo(ThreeAMinute.Window));
    }

    private static Task PutAsync(IDatabase database, string key, State state) => state switch
    {
        State.Hash => database.HashSetAsync(key, "field", 1),
        State.List => database.ListLeftPushAsync(key, 1),
        State.Text => database.StringSetAsync(key, "not a number"),
        State.Empty => database.StringSetAsync(key, ""),
        State.Negative => database.StringSetAsync(key, "-5"),
        State.Fraction => database.StringSetAsync(key, "2.7"),
        State.BeyondIntegers => database.StringSetAsync(key, "99999999999999999999"),
        _ => database.StringSetAsync(key, "0"),
    };
}
