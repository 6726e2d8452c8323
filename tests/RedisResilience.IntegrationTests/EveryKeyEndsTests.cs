using System.Globalization;
using System.Text.RegularExpressions;
using RedisResilience.IntegrationTests.Servers;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests;

/// <summary>When all tests have run, every key on the shared servers has an end.</summary>
[SetUpFixture]
public sealed partial class EveryKeyEndsTests
{
    [OneTimeTearDown]
    public async Task AfterAllTests()
    {
        try
        {
            await AssertAllEndAsync();
        }
        finally
        {
            RunningServers.StopAll();
        }
    }

    private static async Task AssertAllEndAsync()
    {
        foreach (var started in SharedServers.Started)
        {
            var server = await started;
            await using var connection = await server.ConnectAsync();
            var database = connection.GetDatabase();
            if (Keyspace().Match((string)(await database.ExecuteAsync("INFO", "keyspace"))!) is not { Success: true } keyspace)
            {
                continue;
            }

            var (keys, ends) = (Number(keyspace.Groups[1]), Number(keyspace.Groups[2]));
            Assert.That(ends, Is.EqualTo(keys), () =>
                "These keys have none: " + string.Join(", ", WithoutEnd(connection.GetServers()[0], database)));
        }
    }

    private static IEnumerable<string> WithoutEnd(IServer server, IDatabase database) =>
        server.Keys().Where(key => database.KeyTimeToLive(key) is null).Select(key => (string)key!).Take(20);

    private static int Number(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("db0:keys=([0-9]+),expires=([0-9]+)")]
    private static partial Regex Keyspace();
}
