using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Acl;

/// <summary>A server and a cluster of these tests' own: users come and go here, and nobody else shall see their log.</summary>
[SetUpFixture]
public sealed class AclServers
{
    private static readonly Lazy<Task<TestServer>> Server = new(() => TestServer.StartAsync(
        ServerKind.Redis, null, "--acllog-max-len", "4096"));

    private static readonly Lazy<Task<RedisCluster>> Cluster = new(RedisCluster.StartAsync);

    public static async Task<string> ConnectionStringAsync(AclRow row) =>
        row == AclRow.Cluster ? (await Cluster.Value).ConnectionString : (await Server.Value).ConnectionString;

    [OneTimeTearDown]
    public async Task StopAll()
    {
        if (Server.IsValueCreated)
        {
            await (await Server.Value).DisposeAsync();
        }

        if (Cluster.IsValueCreated)
        {
            await (await Cluster.Value).DisposeAsync();
        }
    }
}
