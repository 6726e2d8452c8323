using CsCheck;
using Microsoft.Extensions.Time.Testing;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Leases;

namespace RedisResilience.Tests.RateLimiting.Exactness;

/// <summary>What is held at the same time is what an oracle says: leases that are given, renewed, given back, and left behind by a crash, on the test's own time.</summary>
internal abstract class LeaseExactnessContract
{
    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 25, 11, 30, 0, TimeSpan.Zero));

    /// <summary>A limiter that does not renew by itself: the schedule does.</summary>
    protected abstract IRateLimiter Limiter { get; }

    protected abstract ILeaseStore Store { get; }

    protected abstract long Times { get; }

    private long Now => (Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    // Lease times that a test does not outlast: what a server keeps ends in real time.
    private static Gen<Concurrency> Limits { get; } = Gen.Select(Gen.Int[1, 6], Gen.Int[600, 3600], (permits, seconds) => RateLimit.Concurrency(permits, TimeSpan.FromSeconds(seconds)));

    private static Gen<LeaseStep[]> Steps { get; } = Gen.Select(
        Gen.Int[0, 7].Select(act => act < 4 ? LeaseAct.Acquire : (LeaseAct)(act - 3)), Gen.Int[0, 9], Gen.Int[-1, 1], Gen.Int[0, 4],
        (act, eighths, moment, number) => new LeaseStep(act, eighths, moment, number)).Array[1, 40];

    [Test]
    public Task Concurrency_DecidesAsTheOracle() => Gen.Select(Limits, Steps).SampleAsync(
        async sample => await HoldsAsync(sample.Item1, sample.Item2), iter: Times, threads: 1, writeLine: TestContext.Out.WriteLine);

    private async Task<bool> HoldsAsync(Concurrency limit, LeaseStep[] steps)
    {
        var key = $"leases-{Guid.NewGuid():N}";
        var oracle = new LeaseOracle(limit.Permits, limit.LeaseTime.Ticks / TimeSpan.TicksPerMicrosecond);
        var held = new List<HeldLease>();
        foreach (var step in steps)
        {
            // Time goes on between any two scripts.
            Clock.Advance((limit.LeaseTime / 8 * step.Eighths) + TimeSpan.FromMicroseconds(step.Moment + 100));
            var holds = step.Act switch
            {
                LeaseAct.Acquire => await AcquiresAsync(key, limit, step.Number, least: step.Number, oracle, held),
                LeaseAct.UpTo => await AcquiresAsync(key, limit, step.Number, least: Math.Min(1, step.Number), oracle, held),
                LeaseAct.Renew => await RenewsAsync(key, limit, oracle, held),
                LeaseAct.Release => await ReleasesAsync(key, limit, step.Number, oracle, held),
                _ => Crashes(held),
            };
            if (!holds)
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> AcquiresAsync(string key, Concurrency limit, int most, int least, LeaseOracle oracle, List<HeldLease> held)
    {
        var decision = least == most ? await Limiter.AcquireAsync(key, limit, most) : await Limiter.AcquireUpToAsync(key, limit, most);
        if (least > limit.Permits)
        {
            return decision is { IsImpossible: true, Lease: null };
        }

        var granted = Math.Min(Math.Min(most, limit.Permits), oracle.Free(Now));
        granted = granted < least ? 0 : granted;
        if (decision.Lease is { } lease)
        {
            if (lease.FencingToken <= oracle.LastLease || lease.Permits != granted)
            {
                return false;
            }

            oracle.Give(lease.FencingToken, granted, Now);
            held.Add(lease.Held);
        }

        return decision.IsAllowed == (granted >= least) && decision.Granted == granted && (decision.Lease is null) == (granted == 0)
            && decision.Remaining == oracle.Free(Now) && decision.RetryAfter == TimeSpan.Zero;
    }

    private async Task<bool> RenewsAsync(string key, Concurrency limit, LeaseOracle oracle, List<HeldLease> held)
    {
        var standing = held.Count == 0 ? 0 : await Store.RenewAsync(key, limit, held);
        var expected = held.Select((lease, place) => oracle.IsStanding(lease.Id, Now) ? 1L << place : 0).Sum();
        held.ForEach(lease => oracle.Renew(lease.Id, Now));
        held.RemoveAll(lease => !oracle.IsStanding(lease.Id, Now));
        return standing == expected;
    }

    private async Task<bool> ReleasesAsync(string key, Concurrency limit, int number, LeaseOracle oracle, List<HeldLease> held)
    {
        if (held.Count > 0)
        {
            var lease = held[number % held.Count];
            held.Remove(lease);
            await Store.ReleaseAsync(key, limit, lease);
            oracle.Release(lease.Id);
        }

        return true;
    }

    private static bool Crashes(List<HeldLease> held)
    {
        held.Clear();
        return true;
    }
}
