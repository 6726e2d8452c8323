using System.Collections.Concurrent;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Engines;

/// <summary>One deployment of each kind for all tests of this folder; every test uses keys of its own.</summary>
[SetUpFixture]
public sealed class SharedEngines
{
    private static readonly ConcurrentDictionary<Engine, Lazy<Task<(string ConnectionString, IAsyncDisposable? Owner)>>> Engines = new();

    public static async Task<string> ConnectionStringAsync(Engine engine) =>
        (await Engines.GetOrAdd(engine, static engine => new(() => StartAsync(engine))).Value).ConnectionString;

    [OneTimeTearDown]
    public async Task StopAll()
    {
        foreach (var engine in Engines.Values)
        {
            if ((await engine.Value).Owner is { } owner)
            {
                await owner.DisposeAsync();
            }
        }
    }

    private static async Task<(string ConnectionString, IAsyncDisposable? Owner)> StartAsync(Engine engine)
    {
        switch (engine)
        {
            case Engine.Cluster:
                var cluster = await RedisCluster.StartAsync();
                return (cluster.ConnectionString, cluster);
            case Engine.Sentinel:
                var trio = await SentinelTrio.StartAsync();
                return (trio.ConnectionString, trio);
            default:
                return (
                    (await SharedServers.GetAsync(engine == Engine.Garnet ? ServerKind.Garnet : ServerKind.Redis)).ConnectionString, null);
        }
    }
}
