using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Diagnostics;
using RedisResilience.Http.IntegrationTests.Servers;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.Tests;

namespace RedisResilience.Http.IntegrationTests.Caching;

/// <summary>Nodes that share a Redis: one request for all of them.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class SeveralNodesTests(ServerKind kind)
{
    private const int Callers = 20;

    [Test]
    public async Task MissingAndStaleResponses_AreAskedForOnce()
    {
        var server = await SharedServers.GetAsync(kind);
        await using var api = await CountingApi.StartAsync();
        api.Answer = async context =>
        {
            context.Response.Headers.CacheControl = "max-age=4";
            context.Response.Headers.ETag = "\"1\"";
            context.Response.StatusCode = context.Request.Headers.IfNoneMatch.Count > 0
                ? StatusCodes.Status304NotModified
                : StatusCodes.Status200OK;
            if (context.Response.StatusCode == StatusCodes.Status200OK)
            {
                await context.Response.WriteAsync("body");
            }
        };
        await using var first = await NodeAsync(server, api, Patient);
        await using var second = await NodeAsync(server, api, Patient);
        for (var round = 1; round <= 2; round++)
        {
            var bodies = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => GetAsync(caller % 2 == 0 ? first : second)));

            Assert.That(bodies, Is.All.EqualTo("body"));
            Assert.That(api.Asked, Is.EqualTo(round), $"round {round}");
            await Task.Delay(TimeSpan.FromMilliseconds(4200), TimeProvider.System);
        }
    }

    [Test]
    public async Task UnsafeRequest_IsSeenByTheOtherNode()
    {
        var server = await SharedServers.GetAsync(kind);
        await using var api = await CountingApi.StartAsync();
        var version = "old";
        api.Answer = context =>
        {
            version = context.Request.Method == "PUT" ? "new" : version;
            context.Response.Headers.CacheControl = "max-age=60";
            return context.Response.WriteAsync(version);
        };
        await using var first = await NodeAsync(server, api);
        await using var second = await NodeAsync(server, api);
        Assert.That((await GetAsync(first), await GetAsync(second)), Is.EqualTo(("old", "old")));
        using var client = Client(first);
        (await client.PutAsync(new Uri("/", UriKind.Relative), null)).Dispose();

        Assert.That(await GetAsync(second), Is.EqualTo("new"));
    }

    [Test]
    public async Task UnsafeRequestWhileRedisIsAway_IsSeenHereAtOnce_AndElsewhereWhenItIsBack()
    {
        await using var server = await TestServer.StartAsync(kind);
        await using var api = await CountingApi.StartAsync();
        var version = "old";
        api.Answer = context =>
        {
            version = context.Request.Method == "PUT" ? "new" : version;
            context.Response.Headers.CacheControl = "max-age=600";
            return context.Response.WriteAsync(version);
        };
        await using var first = await NodeAsync(server, api);
        await using var second = await NodeAsync(server, api);
        await Eventually.BecomesTrueAsync(async () => await GetAsync(second) == "old" && await GetAsync(first) == "old" && api.Asked < 10);
        server.Freeze();
        using (var client = Client(first))
        {
            (await client.PutAsync(new Uri("/", UriKind.Relative), null)).Dispose();
        }

        Assert.That(await GetAsync(first), Is.EqualTo("new"));
        server.Thaw();
        await first.GetRequiredService<IRedisStatus>().UntilAvailableAsync();
        Assert.That(await GetAsync(first), Is.EqualTo("new"));
        await second.GetRequiredService<IRedisStatus>().UntilAvailableAsync();

        Assert.That(await GetAsync(second), Is.EqualTo("new"));
    }

    [Test]
    public async Task RedisGone_TheOtherSideIsAskedAtOnce()
    {
        await using var server = await TestServer.StartAsync(kind);
        await using var api = await CountingApi.StartAsync();
        api.Answer = context =>
        {
            context.Response.Headers.CacheControl = "max-age=60";
            return context.Response.WriteAsync("body");
        };
        await using var node = await NodeAsync(server, api);
        await GetAsync(node);
        await server.KillAsync();
        await GetAsync(node);
        var begun = Stopwatch.GetTimestamp();
        for (var call = 0; call < Callers; call++)
        {
            Assert.That(await GetAsync(node), Is.EqualTo("body"));
        }

        Assert.That(api.Asked, Is.GreaterThanOrEqualTo(Callers));
        Assert.That(Stopwatch.GetElapsedTime(begun), Is.LessThan(TimeSpan.FromSeconds(Callers * 0.25)), "none waits for Redis' deadline");
    }

    // A busy machine is not to be taken for a Redis that is away.
    private static void Patient(RedisResilienceOptions options) =>
        options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(20);

    private static async Task<ServiceProvider> NodeAsync(
        TestServer server, CountingApi api, Action<RedisResilienceOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddRedisResilience(server.ConnectionString, configure);
        services.AddHttpClient(
            "api", client => client.BaseAddress = api.Address).AddRedisResilienceCache(cache => cache.StaleIfError = TimeSpan.Zero);
        var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<IRedisStatus>().UntilAvailableAsync();
        return provider;
    }

    private static HttpClient Client(ServiceProvider node) => node.GetRequiredService<IHttpClientFactory>().CreateClient("api");

    private static async Task<string> GetAsync(ServiceProvider node)
    {
        using var client = Client(node);
        return await client.GetStringAsync(new Uri("/", UriKind.Relative));
    }
}
