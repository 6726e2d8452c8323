using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Servers;

[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class MovableClockTests(ServerKind kind)
{
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [TestCase(-86400)]
    [TestCase(-3600.5)]
    [TestCase(-1)]
    [TestCase(0.02)]
    [TestCase(60)]
    [TestCase(86400)]
    public async Task Move_IsSeenByTheNextCommand(double seconds)
    {
        var by = TimeSpan.FromSeconds(seconds);
        await using var server = await TestServer.StartWithClockAsync(kind);
        await using var connection = await server.ConnectAsync();
        await AssertAheadAsync(server, connection, TimeSpan.Zero);
        server.Clock.Move(by);
        await AssertAheadAsync(server, connection, by);
        server.Clock.Move(-by);
        await AssertAheadAsync(server, connection, TimeSpan.Zero);
    }

    [Test]
    public async Task Keys_EndByTheClockThatIsMoved()
    {
        await using var server = await TestServer.StartWithClockAsync(kind);
        await using var connection = await server.ConnectAsync();
        var database = connection.GetDatabase();
        await database.StringSetAsync("key", "value", TimeSpan.FromMinutes(30));
        server.Clock.Move(TimeSpan.FromHours(-1));
        Assert.That(await database.KeyTimeToLiveAsync("key"), Is.EqualTo(TimeSpan.FromMinutes(90)).Within(Patience));
        server.Clock.Move(TimeSpan.FromHours(2));
        Assert.That(await database.KeyExistsAsync("key"), Is.False);
    }

    [Test]
    public async Task StartedAgain_ItIsStillMoved()
    {
        await using var server = await TestServer.StartWithClockAsync(kind);
        server.Clock.Move(TimeSpan.FromDays(1));
        await server.KillAsync();
        await server.StartAsync();
        await using var connection = await server.ConnectAsync();
        await AssertAheadAsync(server, connection, TimeSpan.FromDays(1));
    }

    private static async Task AssertAheadAsync(TestServer server, ConnectionMultiplexer connection, TimeSpan by)
    {
        var before = TimeProvider.System.GetUtcNow();
        var told = new DateTimeOffset(await connection.GetServer(server.ConnectionString).TimeAsync(), TimeSpan.Zero);
        Assert.That(told - by, Is.InRange(before - Rounding, TimeProvider.System.GetUtcNow() + Rounding));
    }
}
