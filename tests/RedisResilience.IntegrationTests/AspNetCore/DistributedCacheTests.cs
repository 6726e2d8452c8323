using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Caching;
using RedisResilience.Caching.Distributed;
using RedisResilience.Caching.Entries;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.AspNetCore;

/// <summary>What is built on <see cref="IDistributedCache"/>, on a real Redis, while it is there and when it is not.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class DistributedCacheTests(ServerKind kind)
{
    [Test]
    public async Task Entry_LivesInRedisAndLongerWithEachRead()
    {
        var server = await SharedServers.GetAsync(kind);
        await using var app = await StartAsync(server);
        await using var connection = await server.ConnectAsync();
        var database = connection.GetDatabase();
        var cache = app.Services.GetRequiredService<IDistributedCache>();
        var key = SharedServers.NewKey();

        await cache.SetAsync(key, [1, 2], new() { SlidingExpiration = TimeSpan.FromMinutes(20) });
        await database.KeyExpireAsync($"cache:{key}", TimeSpan.FromMinutes(1));
        Assert.That(cache.Get(key), Is.EqualTo(new byte[] { 1, 2 }));

        Assert.That(
            async () => await database.KeyTimeToLiveAsync($"cache:{key}"), Is.GreaterThan(TimeSpan.FromMinutes(19)).After(10_000, 10));
        await cache.RemoveAsync(key);
        Assert.That(await cache.GetAsync(key), Is.Null);
    }

    /// <summary>The sign of life of a read comes after the write of another life.</summary>
    [Test]
    public async Task EntryWrittenBesideARead_KeepsItsOwnEnd([Values] bool isCompressed)
    {
        var server = await SharedServers.GetAsync(kind);
        await using var app = await StartAsync(server, options => options.CompressionThreshold = isCompressed ? 256 : null);
        await using var connection = await server.ConnectAsync();
        var database = connection.GetDatabase();
        var cache = app.Services.GetRequiredService<IResponseCache>();
        var adapter = app.Services.GetRequiredService<IDistributedCache>();
        var key = SharedServers.NewKey();
        var value = new byte[1000];

        await adapter.SetAsync(key, value, new() { SlidingExpiration = TimeSpan.FromMinutes(20) });
        SeenPart seen;
        using (var response = await cache.GetAsync($"cache:{key}"))
        {
            seen = SeenPart.Of(response.Body, DistributedEntry.LongestHeader, response.Description.BodyHash);
        }

        Assert.That(await ((ISlidingCache)cache).ExtendAsync($"cache:{key}", seen, TimeSpan.FromMinutes(30)), Is.True);
        Assert.That(await database.KeyTimeToLiveAsync($"cache:{key}"), Is.GreaterThan(TimeSpan.FromMinutes(25)));
        await adapter.SetAsync(key, value, new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(1) });
        Assert.That(await ((ISlidingCache)cache).ExtendAsync($"cache:{key}", seen, TimeSpan.FromMinutes(30)), Is.False);
        Assert.That(await database.KeyTimeToLiveAsync($"cache:{key}"), Is.LessThan(TimeSpan.FromMinutes(2)));
    }

    [Test]
    public async Task Session_IsThereOnTheNextRequest()
    {
        await using var app = await StartAsync(await SharedServers.GetAsync(kind));

        using var first = await app.Client.GetAsync("/session");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/session");
        request.Headers.Add("Cookie", first.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        using var second = await app.Client.SendAsync(request);

        Assert.That(await first.Content.ReadAsStringAsync(), Is.EqualTo("1"));
        Assert.That(await second.Content.ReadAsStringAsync(), Is.EqualTo("2"));
    }

    [Test]
    public async Task DeadRedis_CostsSessionsAndHybridCacheNothing()
    {
        await using var server = await TestServer.StartAsync(kind);
        RedisResilienceOptions options = null!;
        await using var app = await StartAsync(server, configured => options = configured);
        var hybrid = app.Services.GetRequiredService<HybridCache>();
        Assert.That(await hybrid.GetOrCreateAsync("before", _ => ValueTask.FromResult("source")), Is.EqualTo("source"));
        await server.KillAsync();
        await app.Status.UntilUnavailableAsync();
        await hybrid.GetOrCreateAsync("warm", _ => ValueTask.FromResult("source"));

        var slow = 0;
        for (var call = 0; call < 100; call++)
        {
            var begun = Stopwatch.GetTimestamp();
            Assert.That(await hybrid.GetOrCreateAsync($"key{call}", _ => ValueTask.FromResult("source")), Is.EqualTo("source"));
            await hybrid.RemoveAsync($"key{call}");
            slow += Stopwatch.GetElapsedTime(begun) >= options.CommandDeadline ? 1 : 0;
        }

        // The machine may look away for a moment; a call that waits for Redis does so each time.
        Assert.That(slow, Is.LessThan(10), "of 100 that would wait for a deadline if they waited at all");
        using var response = await app.Client.GetAsync("/session");
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("1"));
    }

    /// <summary>The reply has to come through the pool whose threads the callers hold.</summary>
    [Test]
    public async Task TwentySynchronousCallersOnTwoThreads_AreAllAnswered()
    {
        var server = await SharedServers.GetAsync(kind);
        await using var app = await StartAsync(server);
        var cache = app.Services.GetRequiredService<IDistributedCache>();
        var key = SharedServers.NewKey();
        await cache.SetAsync(key, [1, 2]);
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(2, ports);
        try
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => cache.Get(key))));
            Assert.That(answers, Is.All.EqualTo(new byte[] { 1, 2 }));
        }
        finally
        {
            ThreadPool.SetMinThreads(workers, ports);
        }
    }

    [Test]
    public async Task HybridCache_ReadsWhatAnotherProcessHasStored()
    {
        var server = await SharedServers.GetAsync(kind);
        await using var one = await StartAsync(server);
        await using var two = await StartAsync(server);
        var key = SharedServers.NewKey();

        await one.Services.GetRequiredService<HybridCache>().SetAsync(key, "first");

        Assert.That(await two.Services.GetRequiredService<HybridCache>().GetOrCreateAsync(
            key, _ => ValueTask.FromResult("second")), Is.EqualTo("first"));
    }

    private static Task<TestApp> StartAsync(TestServer server) => StartAsync(server, TestApp.Patient);

    private static Task<TestApp> StartAsync(TestServer server, Action<RedisResilienceOptions>? options) => TestApp.StartAsync(
        server.ConnectionString,
        app =>
        {
            app.UseSession();
            app.MapGet("/session", (HttpContext context) =>
            {
                var count = (context.Session.GetInt32("count") ?? 0) + 1;
                context.Session.SetInt32("count", count);
                return $"{count}";
            });
        },
        redis =>
        {
            redis.AddDistributedCache();
            redis.Services.AddSession();
            redis.Services.AddHybridCache();
        },
        options);
}
