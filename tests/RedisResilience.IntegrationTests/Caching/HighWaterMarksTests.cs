using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.Tests.Caching.Invalidation;

namespace RedisResilience.IntegrationTests.Caching;

[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HighWaterMarksTests(ServerKind kind) : HighWaterMarksContract
{
    private ServiceProvider _services = null!;

    protected override IHighWaterMarks Marks => _services.GetRequiredService<IHighWaterMarks>();

    [SetUp]
    public async Task Connect()
    {
        var server = await SharedServers.GetAsync(kind);
        var services = new ServiceCollection();
        services.AddRedisResilience(server.ConnectionString, options => options.KeyPrefix = SharedServers.NewKey("marks"));
        _services = services.BuildServiceProvider();
        await _services.GetRequiredService<IRedisStatus>().WaitUntilAvailableAsync();
    }

    [TearDown]
    public ValueTask Disconnect() => _services.DisposeAsync();
}
