using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.AspNetCore;

/// <summary>
/// Output caching of the framework over our store: shared by applications, evicted by tag, and no condition for an answer.
/// </summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class OutputCacheTests(ServerKind kind)
{
    private int _runs;

    [Test]
    public async Task Response_IsSharedAndEvictedByItsTag()
    {
        var server = await SharedServers.GetAsync(kind);
        var tag = SharedServers.NewKey("tag");
        await using var one = await StartAsync(server, tag);
        await using var two = await StartAsync(server, tag);

        var first = await one.Client.GetStringAsync($"/{tag}");
        Assert.That(await two.Client.GetStringAsync($"/{tag}"), Is.EqualTo(first));
        await two.Services.GetRequiredService<IOutputCacheStore>().EvictByTagAsync("other", CancellationToken.None);
        Assert.That(await one.Client.GetStringAsync($"/{tag}"), Is.EqualTo(first));

        await two.Services.GetRequiredService<IOutputCacheStore>().EvictByTagAsync(tag, CancellationToken.None);

        // A process may know a tag's version for as long as MaximumVersionAge.
        Assert.That(async () => await one.Client.GetStringAsync($"/{tag}"), Is.Not.EqualTo(first).After(10_000, 20));
    }

    [Test]
    public async Task DeadRedis_LeavesTheEndpointToAnswer()
    {
        await using var server = await TestServer.StartAsync(kind);
        await using var app = await StartAsync(server, "tag");
        await server.KillAsync();
        await app.Status.UntilUnavailableAsync();

        Assert.That(await app.Client.GetStringAsync("/a"), Is.EqualTo("1"));
        Assert.That(await app.Client.GetStringAsync("/a"), Is.EqualTo("2"));
        await app.Services.GetRequiredService<IOutputCacheStore>().EvictByTagAsync("tag", CancellationToken.None);
    }

    private Task<TestApp> StartAsync(TestServer server, string tag) => TestApp.StartAsync(
        server.ConnectionString,
        app =>
        {
            app.UseOutputCache();
            app.MapGet("/{path}", () => $"{Interlocked.Increment(ref _runs)}").CacheOutput(policy => policy.Tag(tag));
        },
        redis => redis.AddOutputCache(),
        TestApp.Patient);
}
