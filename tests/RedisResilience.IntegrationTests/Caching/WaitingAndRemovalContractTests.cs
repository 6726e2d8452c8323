using RedisResilience.Caching;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.Tests.Caching.Contracts;

namespace RedisResilience.IntegrationTests.Caching;

[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LoadContractTests(ServerKind kind) : LoadContract
{
    private ResilientService? _service;

    [TearDown]
    public async Task Disconnect() => await (_service?.DisposeAsync() ?? default);

    protected override async Task<IResponseCache> CreateAsync(Action<RedisResilienceOptions> configure)
    {
        var server = await SharedServers.GetAsync(kind);
        _service = await ResilientService.ConnectAsync(server.ConnectionString, options =>
        {
            options.KeyPrefix = SharedServers.NewKey("loads");
            options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(10);
            configure(options);
        });
        return _service.Cache;
    }
}

[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RemovalContractTests(ServerKind kind) : RemovalContract
{
    private ResilientService? _service;

    [TearDown]
    public async Task Disconnect() => await (_service?.DisposeAsync() ?? default);

    protected override async Task<IResponseCache> CreateAsync()
    {
        var server = await SharedServers.GetAsync(kind);
        _service = await ResilientService.ConnectAsync(server.ConnectionString, options =>
        {
            options.KeyPrefix = SharedServers.NewKey("removals");
            options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(10);
            options.MaximumVersionAge = TimeSpan.Zero;
        });
        return _service.Cache;
    }
}
