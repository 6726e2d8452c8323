using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Diagnostics;
using RedisResilience.Http.Tests.RateLimiting;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting.Upstream;

namespace RedisResilience.Http.IntegrationTests.RateLimiting;

[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class RedisUpstreamQuotaTests(ServerKind kind) : UpstreamQuotaContract
{
    private ServiceProvider _services = null!;

    protected override IUpstreamQuota Quota => _services.GetRequiredService<IUpstreamQuota>();

    [SetUp]
    public async Task Connect() => _services = await ConnectAsync();

    [TearDown]
    public ValueTask Disconnect() => _services.DisposeAsync();

    [Test]
    public async Task WhatOneNodeIsTold_TheOthersKeepTo()
    {
        await using var other = await ConnectAsync();
        Assert.That(await Quota.AnnounceAsync(Key, 0, TimeSpan.FromMinutes(1)), Is.True);

        Assert.That(
            await other.GetRequiredService<IUpstreamQuota>().TakeAsync(Key), Is.InRange(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1)));
        Assert.That(other.GetRequiredService<IUpstreamQuota>().KnownWait(Key), Is.GreaterThan(TimeSpan.Zero), "and need not ask again");
    }

    [TestCase("nonsense")]
    [TestCase("1e999")]
    public async Task Garbage_ForbidsNothing(string value)
    {
        var server = await SharedServers.GetAsync(kind);
        await using var connection = await server.ConnectAsync();
        await connection.GetDatabase().StringSetAsync($"redisresilience:upstream:{Key}", value, TimeSpan.FromMinutes(1));
        await connection.GetDatabase().StringSetAsync($"redisresilience:upstream:{Key}2", 0, TimeSpan.FromDays(400));
        await connection.GetDatabase().StringSetAsync($"redisresilience:upstream:{Key}3", 0);
        await connection.GetDatabase().HashSetAsync($"redisresilience:upstream:{Key}4", "a", "b");

        foreach (var key in new[] { Key, $"{Key}2", $"{Key}3", $"{Key}4" })
        {
            Assert.That(await Quota.TakeAsync(key), Is.Null, key);
            Assert.That(await Quota.AnnounceAsync(key, 0, TimeSpan.FromMinutes(1)), Is.True);
            Assert.That(await Quota.TakeAsync(key), Is.Not.Null);
        }
    }

    [Test]
    public async Task RedisGone_TheProcessKeepsToWhatItWasTold()
    {
        await using var server = await TestServer.StartAsync(kind);
        await using var services = await ConnectAsync(server);
        var quota = services.GetRequiredService<IUpstreamQuota>();
        await server.KillAsync();

        Assert.That(await quota.AnnounceAsync(Key, 0, TimeSpan.FromMinutes(1)), Is.False);
        Assert.That(await quota.TakeAsync(Key), Is.Not.Null);
        Assert.That(await quota.TakeAsync($"{Key}2"), Is.Null);
    }

    protected override Task PassAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System);

    // A busy machine is not to be taken for a Redis that is away.
    private static void Patient(RedisResilienceOptions options) =>
        options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(20);

    private async Task<ServiceProvider> ConnectAsync(TestServer? server = null)
    {
        var services = new ServiceCollection();
        services.AddRedisResilience((server ?? await SharedServers.GetAsync(kind)).ConnectionString, Patient);
        var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<IRedisStatus>().UntilAvailableAsync();
        return provider;
    }
}
