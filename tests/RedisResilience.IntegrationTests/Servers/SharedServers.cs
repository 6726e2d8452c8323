using System.Collections.Concurrent;

namespace RedisResilience.IntegrationTests.Servers;

/// <summary>One server of each kind for all the tests that do not break theirs; every test uses keys of its own.</summary>
internal static class SharedServers
{
    private static readonly ConcurrentDictionary<ServerKind, Lazy<Task<TestServer>>> Servers = new();

    /// <summary>Those that a test has asked for.</summary>
    public static IEnumerable<Task<TestServer>> Started => Servers.Values.Select(server => server.Value);

    public static Task<TestServer> GetAsync(ServerKind kind) =>
        Servers.GetOrAdd(kind, static kind => new Lazy<Task<TestServer>>(() => TestServer.StartAsync(kind))).Value;

    /// <summary>A key that no other test uses.</summary>
    public static string NewKey(string name = "key") => $"{name}-{Guid.NewGuid():N}";
}
