using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Caching.LocalTier;

/// <summary>The server itself tells of changes, whoever makes them.</summary>
internal sealed class TrackingTests
{
    private const string Key = "kept:key";
    private const string RedisKey = LocalNode.KeyPrefix + Key;

    [Test]
    public async Task ChangeByAnyProgram_DropsTheCopy()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var other = await server.ConnectAsync();
        var database = other.GetDatabase();
        await using var node = await new LocalNode(server.ConnectionString).UntilAsync(LocalTierMode.Tracking);

        await database.StringSetAsync(RedisKey, "1");
        await node.UntilKeptAsync(Key);
        await database.StringSetAsync(RedisKey, "2");
        await node.UntilReadAsync(Key, "2");
        await node.UntilKeptAsync(Key);
        await database.KeyDeleteAsync(RedisKey);
        await node.UntilReadAsync(Key, null);
        await database.StringSetAsync(RedisKey, "3");
        await node.UntilKeptAsync(Key);
        await database.ExecuteAsync("FLUSHALL");
        await node.UntilReadAsync(Key, null);
    }

    [Test]
    public async Task ChangeByTheNodeItself_IsSeenAtOnce_AndByTheOtherNode()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var one = await new LocalNode(server.ConnectionString).UntilAsync(LocalTierMode.Tracking);
        await using var two = await new LocalNode(server.ConnectionString).UntilAsync(LocalTierMode.Tracking);
        for (var round = 0; round < 50; round++)
        {
            await one.SetAsync(Key, $"{round}");
            Assert.That(await one.ReadAsync(Key), Is.EqualTo($"{round}"));
            await two.UntilReadAsync(Key, $"{round}");
        }
    }

    [Test]
    public async Task LostSubscription_EmptiesTheTier_AndIsSetUpAnew()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var other = await server.ConnectAsync();
        var database = other.GetDatabase();
        await using var node = await new LocalNode(server.ConnectionString).UntilAsync(LocalTierMode.Tracking);
        await database.StringSetAsync(RedisKey, "1");
        await node.UntilKeptAsync(Key);

        // The news of this change is lost with the connection that would have brought it.
        await database.ExecuteAsync("CLIENT", "KILL", "TYPE", "pubsub");
        await database.StringSetAsync(RedisKey, "2");
        await node.UntilReadAsync(Key, "2");
        await node.UntilAsync(LocalTierMode.Tracking);
        await node.UntilKeptAsync(Key);
        await database.StringSetAsync(RedisKey, "3");
        await node.UntilReadAsync(Key, "3");
    }

    [Test]
    public async Task ServerThatComesBackEmpty_LeavesNoCopy()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var node = await new LocalNode(server.ConnectionString).UntilAsync(LocalTierMode.Tracking);
        await node.SetAsync(Key, "1");
        await node.UntilKeptAsync(Key);
        await server.KillAsync();
        await node.UntilAsync(LocalTierMode.Suspended);
        Assert.That(node.HasCopy(Key), Is.False);
        await server.StartAsync();
        await node.UntilAsync(LocalTierMode.Tracking);
        Assert.That(await node.ReadAsync(Key), Is.Null);
    }

    [Test]
    public async Task LocalTier_CostsOneConnection()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var node = await new LocalNode(server.ConnectionString).UntilAsync(LocalTierMode.Tracking);
        await using var other = await server.ConnectAsync();
        var clients = await other.GetServer(server.ConnectionString).ClientListAsync();
        Assert.That(clients.Count(client => client.Name!.StartsWith("redisresilience:", StringComparison.Ordinal)), Is.EqualTo(2));
    }
}
