using System.Runtime.ExceptionServices;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.Gateway;

/// <summary>Once it is noticed that Redis is away, whole or one shard of it, a call ends where it began: at once, and without an exception
/// inside.</summary>
/// <remarks>What it allocates, which is nothing, is the matter of the <c>allocation</c> benchmark: a Debug build allocates for each async
/// method.</remarks>
public sealed class CallsAfterDetectionTests
{
    private const int Calls = 1000;
    private static readonly RateLimit Limit = RateLimit.FixedWindow(1_000_000, TimeSpan.FromHours(1));
    private static readonly RateLimit Denying = Limit with { FailurePolicy = FailurePolicy.Deny };
    private static readonly RateLimit Sharing = Limit with { FailurePolicy = FailurePolicy.Local };

    [ThreadStatic]
    private static bool _isCalling;

    [Test]
    public async Task ServerKilled()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var service = await ResilientService.ConnectAsync(server.ConnectionString);
        await server.KillAsync();
        await service.UntilUnavailableAsync();
        AssertAtOnce(service, "key");
    }

    [Test]
    public async Task ShardFrozen()
    {
        await using var cluster = await RedisCluster.StartAsync();
        await using var service = await ResilientService.ConnectAsync(cluster.ConnectionString);
        var key = await cluster.KeyOfAsync(master: 0);
        cluster.Servers[0].Freeze();
        try
        {
            await UntilAwayAsync(service, key);
            AssertAtOnce(service, key);
            Assert.That(service.Status.Current.Availability, Is.EqualTo(RedisAvailability.Available), "the other shards serve on");
            Assert.That(service.Status.Current.ShardsAway, Is.EqualTo(1));
        }
        finally
        {
            cluster.Servers[0].Thaw();
        }
    }

    private static async Task UntilAwayAsync(ResilientService service, string key)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            // What is not sent has its answer at once.
            var call = service.Limiter.AcquireAsync(key, Limit);
            var isAtOnce = call.IsCompleted;
            if ((await call).Source != DecisionSource.Redis && isAtOnce)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, patience.Token);
        }
    }

    private static void AssertAtOnce(ResilientService service, string key)
    {
        // Of this thread alone: the client goes on trying in the background, with exceptions of its own.
        var thrown = 0;
        EventHandler<FirstChanceExceptionEventArgs> count = (_, _) => thrown += _isCalling ? 1 : 0;
        AppDomain.CurrentDomain.FirstChanceException += count;
        try
        {
            _isCalling = true;
            var atOnce = Call(service, key);
            _isCalling = false;
            Assert.That((atOnce, thrown), Is.EqualTo((Calls, 0)));
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= count;
        }
    }

    /// <summary>How many rounds of calls had all their answers at once, and none of them by Redis.</summary>
    private static int Call(ResilientService service, string key)
    {
        var rounds = 0;
        for (var call = 0; call < Calls; call++)
        {
            rounds += IsDecidedAtOnce(service, key, Limit)
                && IsDecidedAtOnce(service, key, Denying)
                && IsDecidedAtOnce(service, key, Sharing)
                && IsReadAtOnce(service, key) ? 1 : 0;
        }

        return rounds;
    }

    private static bool IsDecidedAtOnce(ResilientService service, string key, RateLimit limit)
    {
        var decision = service.Limiter.AcquireAsync(key, limit);
        return decision.IsCompletedSuccessfully && decision.Result.Source == DecisionSource.FailurePolicy;
    }

    private static bool IsReadAtOnce(ResilientService service, string key)
    {
        var read = service.Cache.GetAsync(key);
        return read.IsCompletedSuccessfully && read.Result.Outcome == CacheOutcome.Unavailable;
    }
}
