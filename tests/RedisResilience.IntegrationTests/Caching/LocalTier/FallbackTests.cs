using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Caching.LocalTier;

/// <summary>What is used where the server does not tell of changes, or may not.</summary>
internal sealed class FallbackTests
{
    private const string Key = "kept:key";

    [Test]
    public async Task WithoutTracking_TheProcessesTellEachOther()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        var limited = await AddUserAsync(server, "-client|tracking");
        await using var one = await new LocalNode(limited).UntilAsync(LocalTierMode.Messages);
        await using var two = await new LocalNode(limited).UntilAsync(LocalTierMode.Messages);
        for (var round = 0; round < 20; round++)
        {
            await one.SetAsync(Key, $"{round}");
            Assert.That(await one.ReadAsync(Key), Is.EqualTo($"{round}"));
            await two.UntilReadAsync(Key, $"{round}");
            await two.UntilKeptAsync(Key);
        }
    }

    [Test]
    public async Task ProcessesOfDifferentModes_HearEachOther()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var told = await new LocalNode(server.ConnectionString).UntilAsync(LocalTierMode.Tracking);
        await using var telling = await new LocalNode(await AddUserAsync(server, "-client|tracking")).UntilAsync(LocalTierMode.Messages);
        await told.SetAsync(Key, "first");
        for (var round = 0; round < 10; round++)
        {
            var (writer, reader) = round % 2 == 0 ? (told, telling) : (telling, told);
            await reader.UntilKeptAsync(Key);
            await writer.SetAsync(Key, $"{round}");
            await reader.UntilReadAsync(Key, $"{round}");
        }
    }

    [Test]
    public async Task WithoutSubscriptions_TheMaximumStalenessIsAllThereIs()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        var limited = await AddUserAsync(server, "-client|tracking -subscribe -psubscribe");
        await using var node = await new LocalNode(limited).UntilAsync(LocalTierMode.TimeToLiveAlone);
        await node.SetAsync(Key, "1");
        await node.UntilKeptAsync(Key);
    }

    [Test]
    public async Task Garnet_IsUsedInSomeWay()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Garnet);
        await using var one = await new LocalNode(server.ConnectionString).UntilAsync(LocalTierMode.Messages);
        await using var two = await new LocalNode(server.ConnectionString).UntilAsync(LocalTierMode.Messages);
        await one.SetAsync(Key, "1");
        await two.UntilKeptAsync(Key);
        await one.SetAsync(Key, "2");
        await two.UntilReadAsync(Key, "2");
    }

    private static async Task<string> AddUserAsync(TestServer server, string without)
    {
        await using var connection = await server.ConnectAsync();
        object[] rules = ["SETUSER", "limited", "on", ">secret", "~*", "&*", "+@all", .. without.Split(' ')];
        await connection.GetDatabase().ExecuteAsync("ACL", rules);
        return $"{server.ConnectionString},user=limited,password=secret";
    }
}
