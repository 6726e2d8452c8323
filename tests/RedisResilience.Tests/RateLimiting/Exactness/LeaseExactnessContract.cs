using CsCheck;
using Microsoft.Extensions.Time.Testing;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Leases;

namespace RedisResilience.Tests.RateLimiting.Exactness;

/// <summary>
/// What is held at the same time is what an oracle says: leases that are given, renewed, given back, and left behind by a crash, under
/// limits that change and
/// a clock that is set, on the test's own time.
/// </summary>
internal abstract class LeaseExactnessContract
{
    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 25, 11, 30, 0, TimeSpan.Zero));

    /// <summary>A limiter that does not renew by itself: the schedule does.</summary>
    protected abstract IRateLimiter Limiter { get; }

    protected abstract ILeaseStore Store { get; }

    protected abstract long Times { get; }

    private long Now => (Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    // Lease times that a test does not outlast: what a server keeps ends in real time.
    private static Gen<Concurrency> Limits { get; } = Gen.Select(Gen.Int[1, 6], Gen.Int[600, 3600], (permits, seconds) =>
        RateLimit.Concurrency(permits, TimeSpan.FromSeconds(seconds)));

    private static Gen<LeaseStep[]> Steps(bool setsClock) => Gen.Select(
        Gen.Int[0, setsClock ? 8 : 7].Select(act => act < 4 ? LeaseAct.Acquire : (LeaseAct)(act - 3)),
        Gen.Int[0, 9], Gen.Int[-1, 1], Gen.Int[0, 4],
        (act, eighths, moment, number) => new LeaseStep(act, eighths, moment, number)).Array[1, 40];

    [Test]
    public Task Concurrency_DecidesAsTheOracle() => Gen.Select(Limits, Steps(setsClock: false)).SampleAsync(
        async sample => await new Schedule(this).HoldsAsync([sample.Item1], sample.Item2),
        iter: Times, threads: 1, writeLine: TestContext.Out.WriteLine);

    [Test]
    public Task ChangingLimitAndClock_DecideAsTheOracle() => Gen.Select(Limits.Array[1, 3], Steps(setsClock: true)).SampleAsync(
        async sample => await new Schedule(this).HoldsAsync(sample.Item1, sample.Item2),
        iter: Times, threads: 1, writeLine: TestContext.Out.WriteLine);

    [Test]
    public Task AfterAnySchedule_WhatNobodyHoldsIsFreeWithinALeaseTimeOfBeingAskedFor() =>
        Gen.Select(Limits, Steps(setsClock: true)).SampleAsync(
        async sample =>
        {
            var schedule = new Schedule(this);
            var limit = sample.Item1;
            if (!await schedule.HoldsAsync([limit], sample.Item2))
            {
                return false;
            }

            await Limiter.AcquireAsync(schedule.Key, limit, limit.Permits);
            Clock.Advance(limit.LeaseTime + TimeSpan.FromMicroseconds(1));
            var last = await Limiter.AcquireAsync(schedule.Key, limit, limit.Permits);
            GC.KeepAlive(schedule);
            return last.IsAllowed;
        }, iter: Times, threads: 1, writeLine: TestContext.Out.WriteLine);

    private sealed class Schedule(LeaseExactnessContract contract)
    {
        private readonly LeaseOracle _oracle = new();

        // By their tokens, which the oracle knows them by.
        private readonly List<(HeldLease Lease, long Token)> _held = [];

        // Kept, so that only the schedule gives them back.
        private readonly List<ConcurrencyLease> _given = [];

        public string Key { get; } = $"leases-{Guid.NewGuid():N}";

        private long Now => contract.Now;

        public async Task<bool> HoldsAsync(Concurrency[] limits, LeaseStep[] steps)
        {
            for (var place = 0; place < steps.Length; place++)
            {
                var (step, limit) = (steps[place], limits[place % limits.Length]);
                if (step.Act == LeaseAct.SetClock)
                {
                    contract.Clock.AdjustTime(contract.Clock.GetUtcNow() + (limit.LeaseTime / 8 * (step.Eighths - 4) * step.Number));
                    continue;
                }

                // Time goes on between any two scripts.
                contract.Clock.Advance((limit.LeaseTime / 8 * step.Eighths) + TimeSpan.FromMicroseconds(step.Moment + 100));
                var holds = step.Act switch
                {
                    LeaseAct.Acquire => await AcquiresAsync(limit, step.Number, least: step.Number),
                    LeaseAct.UpTo => await AcquiresAsync(limit, step.Number, least: Math.Min(1, step.Number)),
                    LeaseAct.Renew => await RenewsAsync(),
                    LeaseAct.Release => await ReleasesAsync(step.Number),
                    _ => Crashes(),
                };
                if (!holds)
                {
                    return false;
                }
            }

            return true;
        }

        private async Task<bool> AcquiresAsync(Concurrency limit, int most, int least)
        {
            var decision = least == most
                ? await contract.Limiter.AcquireAsync(Key, limit, most)
                : await contract.Limiter.AcquireUpToAsync(Key, limit, most);
            if (least > limit.Permits)
            {
                return decision is { IsImpossible: true, Lease: null };
            }

            var time = limit.LeaseTime.Ticks / TimeSpan.TicksPerMicrosecond;
            var granted = _oracle.Grant(limit.Permits, time, Math.Min(most, limit.Permits), least, Now);
            if (granted > 0)
            {
                if (decision.Lease is not { Held: { } held } lease || lease.FencingToken <= _oracle.LastLease || lease.Permits != granted)
                {
                    return false;
                }

                _oracle.Give(lease.FencingToken, granted, time, Now);
                _held.Add((held, lease.FencingToken));
                _given.Add(lease);
            }

            return decision.IsAllowed == (granted >= least) && decision.Granted == granted
                && (decision.Lease is not null) == decision.IsAllowed
                && decision.Remaining == _oracle.Free(limit.Permits, Now) && decision.RetryAfter == TimeSpan.Zero;
        }

        private async Task<bool> RenewsAsync()
        {
            var standing = _held.Count == 0 ? 0 : await contract.Store.RenewAsync([.. _held.Select(held => held.Lease)]);
            var expected = _held.Select((held, place) => _oracle.IsStanding(held.Token, Now) ? 1L << place : 0).Sum();
            _held.ForEach(held => _oracle.Renew(held.Token, Now));
            _held.RemoveAll(held => !_oracle.IsStanding(held.Token, Now));
            return standing == expected;
        }

        private async Task<bool> ReleasesAsync(int number)
        {
            if (_held.Count == 0)
            {
                return true;
            }

            var held = _held[number % _held.Count];
            _held.Remove(held);
            return await contract.Store.ReleaseAsync(held.Lease) == (_oracle.Release(held.Token) ? 1 : 0);
        }

        private bool Crashes()
        {
            _held.Clear();
            return true;
        }
    }
}
