using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Caching;
using RedisResilience.Caching.Entries;
using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Acl;

/// <summary>The two lines of the page on ACLs are enough for all features, and nothing is tried beyond them.</summary>
public sealed class LeastAclTests
{
    [Test]
    public async Task UserOfThePage_MayDoWhatTheFeaturesDo()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis, "root");
        await using var administrator = await server.ConnectAsync("root");
        var commands = administrator.GetServers()[0];
        foreach (var command in AclPage.Commands(AclRow.Least, AclPage.User))
        {
            await commands.ExecuteAsync("ACL", command.Cast<object>().ToArray());
        }

        await using var services = new ServiceCollection()
            .AddRedisResilience($"{server.ConnectionString},user=app1,password=password", options => options.KeyPrefix = "app1:").Services
                .BuildServiceProvider();
        var status = services.GetRequiredService<IRedisStatus>();
        await status.UntilAvailableAsync();
        await commands.ExecuteAsync("ACL", "LOG", "RESET");

        await LimitAsync(services.GetRequiredService<IRateLimiter>());
        await CacheAsync(services.GetRequiredService<IResponseCache>());

        var refused = ((RedisResult[])(await commands.ExecuteAsync("ACL", "LOG"))!).Select(
            entry => string.Join(' ', ((RedisResult[])entry!).Select(part => $"{part}")));
        Assert.That(refused, Is.Empty);
        Assert.That(status.Current.Refusal, Is.Null);
        var keys = commands.KeysAsync(pattern: "*").ToBlockingEnumerable().Select(key => key.ToString()).ToArray();
        Assert.That(keys, Is.Not.Empty.And.All.Match("^\\{?app1:"));
    }

    /// <summary>Without the right to look at leases nothing could be filled: that is told, and not taken for leases that are not
    /// there.</summary>
    [Test]
    public async Task UserWhoMayNotLookAtLeases_IsTold()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis, "root");
        await using var administrator = await server.ConnectAsync("root");
        var commands = administrator.GetServers()[0];
        foreach (var command in AclPage.Commands(AclRow.Least, AclPage.User).Append(["SETUSER", AclPage.User, "-getrange"]))
        {
            await commands.ExecuteAsync("ACL", command.Cast<object>().ToArray());
        }

        await using var services = new ServiceCollection()
            .AddRedisResilience($"{server.ConnectionString},user=app1,password=password", options => options.KeyPrefix = "app1:").Services
                .BuildServiceProvider();
        var status = services.GetRequiredService<IRedisStatus>();
        await status.UntilAvailableAsync();
        var cache = services.GetRequiredService<IResponseCache>();

        using var response = await cache.GetOrCreateAsync("key", TimeSpan.FromMinutes(1), 0, static (_, _) =>
            new ValueTask<ReadOnlyMemory<byte>?>(new byte[9]));

        Assert.That(response.HasBody, Is.True);
        await Until.TrueAsync(
            () => status.Current.Refusal == "the user may not run a command within EVALSHA",
            () => $"The refusal is told: {status.Current}");
    }

    private static async Task LimitAsync(IRateLimiter limiter)
    {
        var hour = TimeSpan.FromHours(1);
        RateLimit[] limits =
        [
            RateLimit.FixedWindow(3, hour), RateLimit.SlidingWindow(3, hour), RateLimit.SlidingLog(3, hour), RateLimit.TokenBucket(3, hour),
            RateLimit.Concurrency(3), RateLimit.All(RateLimit.FixedWindow(3, hour), RateLimit.SlidingWindow(5, hour)),
        ];
        foreach (var (number, limit) in limits.Index())
        {
            for (var call = 0; call < 5; call++)
            {
                await using var lease = (await limiter.AcquireAsync($"held{number}", limit)).Lease;
                var decision = await limiter.AcquireAsync($"key{number}", limit);
                Assert.That(decision.Source, Is.Not.EqualTo(DecisionSource.FailurePolicy), $"{limit}");
            }

            if (limit is not Concurrency)
            {
                await limiter.RefundAsync($"key{number}", limit);
            }

            await limiter.ResetAsync($"key{number}", limit);
            await limiter.AcquireAsync($"key{number}", limit);
        }
    }

    private static async Task CacheAsync(IResponseCache cache)
    {
        var options = new CacheEntryOptions(TimeSpan.FromMinutes(1)) { Tags = ["tag"] };
        for (var call = 0; call < 2; call++)
        {
            using var response = await cache.GetOrCreateAsync(
                "items:v1:1", options, 0, static (_, _) => new ValueTask<SourceResponse>(new SourceResponse(new byte[9])));
            Assert.That(response.HasBody, Is.True);
        }

        Assert.That(await cache.SetAsync("items:v1:2", new byte[9], TimeSpan.FromMinutes(1)), Is.True);
        var sliding = (ISlidingCache)cache;
        Assert.That(await sliding.ExtendAsync("items:v1:2", new SeenPart(0, new byte[9]), TimeSpan.FromMinutes(2)), Is.True);
        Assert.That(await cache.RemoveAsync("items:v1:2"), Is.True);
        Assert.That(await cache.RemoveByTagAsync("tag"), Is.True);
        Assert.That(await cache.RemoveNamespaceAsync("items:v1"), Is.True);
    }
}
