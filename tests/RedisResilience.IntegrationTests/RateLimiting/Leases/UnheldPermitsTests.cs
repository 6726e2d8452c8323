using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.RateLimiting.Leases;

/// <summary>
/// A permit that nobody holds is free as soon as the server is there, and not a lease time later: the leases here last for an hour.
/// </summary>
internal sealed class UnheldPermitsTests
{
    private const string Key = "unheld";
    private const int Permits = 20;

    // A second is the promise; what is more is for machines that are busy. It is far from an hour.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(8);

    private static readonly RateLimit Limit =
        RateLimit.Concurrency(Permits, TimeSpan.FromHours(1)) with { FailurePolicy = FailurePolicy.Deny };

    [TestCase(ServerKind.Redis)]
    [TestCase(ServerKind.Garnet)]
    public async Task GrantsThatAFrozenServerMakesLate_AreGivenBack(ServerKind kind)
    {
        await using var server = await TestServer.StartAsync(kind);
        await using var service = await ResilientService.ConnectAsync(server.ConnectionString);
        server.Freeze();
        var asked = await Task.WhenAll(Enumerable.Range(0, Permits).Select(_ => service.Limiter.AcquireAsync(Key, Limit).AsTask()));
        server.Thaw();
        Assert.That(asked.Count(decision => decision.IsAllowed), Is.Zero);
        await AssertAllFreeAsync(server);
    }

    [Test]
    public async Task PermitsThatAFrozenServerTakesLate_AreGivenBack(
        [Values(ServerKind.Redis, ServerKind.Garnet)] ServerKind kind, [Values("fixed", "sliding", "log", "bucket", "all")] string name)
    {
        var hour = TimeSpan.FromHours(1);
        RateLimit limit = name switch
        {
            "fixed" => RateLimit.FixedWindow(Permits, hour),
            "sliding" => RateLimit.SlidingWindow(Permits, hour),
            "log" => RateLimit.SlidingLog(Permits, hour),
            "bucket" => RateLimit.TokenBucket(Permits, hour * 100, Permits),
            _ => RateLimit.All(RateLimit.FixedWindow(Permits, hour), RateLimit.SlidingWindow(Permits, hour)),
        };
        limit = limit with { FailurePolicy = FailurePolicy.Deny };
        await using var server = await TestServer.StartAsync(kind);
        await using var service = await ResilientService.ConnectAsync(server.ConnectionString);
        server.Freeze();
        var asked = await Task.WhenAll(Enumerable.Range(0, Permits).Select(_ => service.Limiter.AcquireAsync(Key, limit).AsTask()));
        server.Thaw();
        Assert.That(asked.Count(decision => decision.IsAllowed), Is.Zero);
        await AssertAllFreeAsync(server, limit);
    }

    [Test]
    public async Task LeasesThatAreDisposedInAnOutage_AreFreeAfterIt([Values] bool isCut)
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var network = new FaultyNetwork(server.Port);
        await using var service = await ResilientService.ConnectAsync(network.ConnectionString);
        var held = await Task.WhenAll(Enumerable.Range(0, Permits).Select(_ => service.Limiter.AcquireAsync(Key, Limit).AsTask()));
        network.Change(isCut ? NetworkFault.HalfOpen : NetworkFault.BlackHole);
        foreach (var decision in held)
        {
            await decision.Lease!.DisposeAsync();
        }

        network.Change(NetworkFault.None);
        await AssertAllFreeAsync(server);
    }

    [Test]
    public async Task CallersWhoLeave_LeaveNothingBehind()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var line = new LatencyProxy(server.Port, TimeSpan.FromMilliseconds(40));
        await using var service = await ResilientService.ConnectAsync(line.ConnectionString);
        var cancelled = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => Task.Run(async () =>
        {
            using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(number % 60));
            try
            {
                await using var lease = (await service.Limiter.AcquireAsync(Key, Limit, 1, leaving.Token)).Lease;
                return 0;
            }
            catch (OperationCanceledException)
            {
                return 1;
            }
        })));
        Assert.That(cancelled.Sum(), Is.Positive);
        await AssertAllFreeAsync(server);
    }

    [Test]
    public async Task ConnectionsThatAreKilledAndScriptsThatAreFlushed_TakeNothingAway()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var service = await ResilientService.ConnectAsync(server.ConnectionString);
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(4));
        var (holders, most) = (0, 0);
        var callers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                var decision = await service.Limiter.AcquireUpToAsync(Key, Limit, 4);
                if (decision is { IsAllowed: true, Source: DecisionSource.Redis })
                {
                    var now = Interlocked.Add(ref holders, decision.Granted);
                    InterlockedMax(ref most, now);
                    await Task.Yield();
                    Interlocked.Add(ref holders, -decision.Granted);
                }

                decision.Lease?.Dispose();
            }
        })).ToArray();
        while (!end.IsCancellationRequested)
        {
            await RedisCommandLine.RunAsync(server.Port, "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
            await RedisCommandLine.RunAsync(server.Port, "SCRIPT", "FLUSH");
        }

        await Task.WhenAll(callers);
        Assert.That(most, Is.InRange(1, Permits));
        await AssertAllFreeAsync(server);
    }

    private static async Task AssertAllFreeAsync(TestServer server, RateLimit? limit = null)
    {
        await using var other = await ResilientService.ConnectPatientlyAsync(server.ConnectionString);
        var began = TimeProvider.System.GetTimestamp();
        while (!(await other.Limiter.AcquireAsync(Key, limit ?? Limit, Permits)).IsAllowed)
        {
            Assert.That(TimeProvider.System.GetElapsedTime(began), Is.LessThan(Soon), "permits that nobody holds");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        await TestContext.Out.WriteLineAsync($"free after {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:0} ms");
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen;)
        {
            seen = Interlocked.CompareExchange(ref most, value, seen) is var was && was == seen ? value : was;
        }
    }
}
