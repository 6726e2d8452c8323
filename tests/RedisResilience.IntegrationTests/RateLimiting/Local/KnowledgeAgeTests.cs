using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.IntegrationTests.AspNetCore;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.RateLimiting.Local;

/// <summary>What one process knows of a key has an age: what another one resets, and what the server loses, shows within two seconds,
/// however often the process is asked meanwhile.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class KnowledgeAgeTests(ServerKind kind) : ServiceFixture(kind)
{
    private const int Permits = 3;
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public static IEnumerable<RateLimit> Limits
    {
        get
        {
            var (window, bucket) = (RateLimit.FixedWindow(Permits, Hour), RateLimit.TokenBucket(Permits, Hour));
            return
            [
                window, bucket, RateLimit.SlidingWindow(Permits, Hour), RateLimit.SlidingLog(Permits, Hour),
                RateLimit.CalendarWindow(Permits, CalendarPeriod.Day), RateLimit.Concurrency(Permits, Hour),
                RateLimit.All(window, bucket), window.WithPrefetch(2), bucket.WithPrefetch(2),
                RateLimit.All(window, bucket).WithPrefetch(2),
                window with { FailurePolicy = FailurePolicy.Local },
            ];
        }
    }

    [Test]
    public async Task ResetByAnotherProcess_OrLossOfTheKey_Shows(
        [ValueSource(nameof(Limits))] RateLimit limit, [Values] bool isReset, [Values] bool isWaitedFor)
    {
        await using var node = await ResilientService.ConnectPatientlyAsync(ConnectionString);
        await using var other = await ResilientService.ConnectPatientlyAsync(ConnectionString);
        var key = SharedServers.NewKey();
        var held = new List<RateLimitDecision>();
        for (var call = 0; call < Permits; call++)
        {
            held.Add(await node.Limiter.AcquireAsync(key, limit));
        }

        Assert.That(held.Select(decision => decision.IsAllowed), Is.All.True);
        Assert.That((await node.Limiter.AcquireAsync(key, limit)).IsAllowed, Is.False);
        var waits = isWaitedFor && !limit.CanBook ? node.Limiter.WaitAsync(key, limit, 1, TimeSpan.FromDays(1)).AsTask() : null;

        // It is denied, and waits: this look follows it on the same connection.
        Assert.That((await node.Limiter.AcquireAsync(key, limit, permits: 0)).Source, Is.EqualTo(DecisionSource.Redis));
        Assert.That(waits?.IsCompleted, Is.Not.True);
        Assert.That(isReset ? await other.Limiter.ResetAsync(key, limit) : await Database.KeyDeleteAsync($"ratelimit:{key}"), Is.True);
        var changed = TimeProvider.System.GetTimestamp();
        while (!(await AskAsync()).IsAllowed)
        {
            Assert.That(TimeProvider.System.GetElapsedTime(changed), Is.LessThan(Age));
        }

        async Task<RateLimitDecision> AskAsync()
        {
            if (waits is null)
            {
                return await node.Limiter.AcquireAsync(key, limit);
            }

            await Task.WhenAny(waits, Task.Delay(Age * 2, TimeProvider.System));
            return waits.IsCompleted ? await waits : default;
        }
    }

    [Test]
    public async Task OverHttp_ResetByAnotherProcess_OrLossOfTheKey_Shows(
        [ValueSource(nameof(Limits))] RateLimit limit, [Values] bool isReset)
    {
        var prefix = SharedServers.NewKey("age");
        var named = limit with { Name = "age" };
        await using var app = await LimitedApp.StartAsync(
            ConnectionString,
            app =>
            {
                app.UseRedisResilience();
                ((IEndpointRouteBuilder)app).MapGet("/", () => "").RequireRateLimit("age");
            },
            options => options.AddPolicy("age", limit, _ => "client"),
            keyPrefix: prefix);
        await using var other = await ResilientService.ConnectAsync(ConnectionString, options =>
        {
            options.KeyPrefix = prefix;
            options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(10);
        });
        var held = new List<RateLimitDecision>();
        for (var call = 0; limit is Concurrency && call < Permits; call++)
        {
            held.Add(await other.Limiter.AcquireAsync("client", named));
        }

        while (await GetAsync() == HttpStatusCode.OK)
        {
        }

        Assert.That(
            isReset ? await other.Limiter.ResetAsync("client", named) : await Database.KeyDeleteAsync($"{prefix}ratelimit:age:client"),
            Is.True);
        var changed = TimeProvider.System.GetTimestamp();
        while (await GetAsync() != HttpStatusCode.OK)
        {
            Assert.That(TimeProvider.System.GetElapsedTime(changed), Is.LessThan(Age));
        }

        async Task<HttpStatusCode> GetAsync()
        {
            using var response = await app.Client.GetAsync(new Uri("/", UriKind.Relative));
            return response.StatusCode;
        }
    }
}
