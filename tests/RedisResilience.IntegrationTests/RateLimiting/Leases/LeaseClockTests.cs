using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.RateLimiting.Leases;

/// <summary>Somebody sets the clock of a real server while permits are held.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class LeaseClockTests(ServerKind kind)
{
    private const string Key = "clocked";
    private static readonly Concurrency Limit = RateLimit.Concurrency(5, TimeSpan.FromSeconds(2));
    private static readonly RateLimit Exact = Limit with { FailurePolicy = FailurePolicy.Deny };

    // The lease time and a second are the promise; what is more is for machines that are busy.
    private static readonly TimeSpan Soon = Limit.LeaseTime + TimeSpan.FromSeconds(6);

    private static readonly int[] Steps = [-86400, -3600, -60, -1, 1, 60, 3600, 86400];

    [TestCaseSource(nameof(Steps))]
    public async Task LeaseThatNobodyRenews_EndsWithinItsTime(int seconds)
    {
        await using var server = await TestServer.StartWithClockAsync(kind);
        ConcurrencyLease abandoned;
        await using (var dying = await ResilientService.ConnectPatientlyAsync(server.ConnectionString))
        {
            abandoned = (await dying.Limiter.AcquireAsync(Key, Exact, 5)).Lease!;
        }

        server.Clock.Move(TimeSpan.FromSeconds(seconds));
        await using var other = await ResilientService.ConnectPatientlyAsync(server.ConnectionString);
        var began = TimeProvider.System.GetTimestamp();
        while (!(await other.Limiter.AcquireAsync(Key, Exact)).IsAllowed)
        {
            Assert.That(TimeProvider.System.GetElapsedTime(began), Is.LessThan(Soon));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        GC.KeepAlive(abandoned);
        await using var connection = await server.ConnectAsync();
        var life = await connection.GetDatabase().KeyTimeToLiveAsync($"ratelimit:{Key}");
        Assert.That(life, Is.LessThanOrEqualTo((2 * Limit.LeaseTime) + TimeSpan.FromSeconds(Math.Abs(seconds))), "nothing stays for ever");
    }

    [TestCaseSource(nameof(Steps))]
    public async Task LeasesThatAreHeld_AreKeptOrTheirHoldersAreTold(int seconds)
    {
        await using var server = await TestServer.StartWithClockAsync(kind);
        await using var holder = await ResilientService.ConnectPatientlyAsync(server.ConnectionString);
        await using var other = await ResilientService.ConnectPatientlyAsync(server.ConnectionString);
        var leases = new List<ConcurrencyLease>();
        for (var permit = 0; permit < 3; permit++)
        {
            leases.Add((await holder.Limiter.AcquireAsync(Key, Exact)).Lease!);
        }

        server.Clock.Move(TimeSpan.FromSeconds(seconds));
        var more = new List<ConcurrencyLease>();
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < 2 * Limit.LeaseTime)
        {
            if ((await other.Limiter.AcquireAsync(Key, Exact)).Lease is { } lease)
            {
                Assert.That(lease.FencingToken, Is.GreaterThan(more.Concat(leases).Max(before => before.FencingToken)));
                more.Add(lease);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        var kept = leases.Count(lease => !lease.Lost.IsCancellationRequested);
        await TestContext.Out.WriteLineAsync($"{kept} of 3 kept, {more.Count} given");
        Assert.That(kept + more.Count(lease => !lease.Lost.IsCancellationRequested), Is.EqualTo(5));
        Assert.That(more, Has.Count.LessThanOrEqualTo(5));
        if (seconds < 0)
        {
            Assert.That(kept, Is.EqualTo(3), "a clock that is set back ends no lease");
        }
    }

    [Test]
    public async Task MemberThatIsADayAhead_KeepsNobodyOutForLong()
    {
        await using var server = await TestServer.StartWithClockAsync(kind);
        await using var connection = await server.ConnectAsync();
        await using var service = await ResilientService.ConnectPatientlyAsync(server.ConnectionString);
        var ahead = (TimeProvider.System.GetUtcNow().AddDays(1) - DateTimeOffset.UnixEpoch).TotalMicroseconds;
        var members = Enumerable.Range(0, 5).Select(number => new SortedSetEntry($"{number}:2000000", ahead)).ToArray();
        await connection.GetDatabase().SortedSetAddAsync($"ratelimit:{Key}", members);
        var began = TimeProvider.System.GetTimestamp();
        while (!(await service.Limiter.AcquireAsync(Key, Exact)).IsAllowed)
        {
            Assert.That(TimeProvider.System.GetElapsedTime(began), Is.LessThan(Soon));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
