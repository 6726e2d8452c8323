using CsCheck;
using Microsoft.Extensions.Time.Testing;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Leases;
using RedisResilience.RateLimiting.Local;

namespace RedisResilience.Tests.RateLimiting.Leases;

/// <summary>
/// The keeper under a scheduler of the test's own: takers, givers, timers and the answers of a store that come in any order, or never.
/// Whatever the order, nobody holds what
/// the store has given up without having been told, and nobody loses what could be renewed.
/// </summary>
internal sealed class LeaseInterleavingTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private enum Act
    {
        Take,
        GiveBack,
        LetTimePass,
        Answer,
        LoseAnswer,
    }

    // A key that is asked for at nearly every step, and others.
    private static readonly Gen<(Act Act, int Number)[]> Schedules = Gen.Select(
        Gen.Frequency((3, Gen.Const(Act.Take)), (3, Gen.Const(Act.GiveBack)), (6, Gen.Const(Act.LetTimePass)), (6, Gen.Const(Act.Answer))),
        Gen.Int[0, 999]).Array[50, 250];

    private static readonly Gen<(Act Act, int Number)[]> FaultySchedules = Gen.Select(
        Gen.Frequency(
            (2, Gen.Const(Act.Take)), (2, Gen.Const(Act.GiveBack)), (8, Gen.Const(Act.LetTimePass)), (4, Gen.Const(Act.Answer)),
            (2, Gen.Const(Act.LoseAnswer))),
        Gen.Int[0, 999]).Array[50, 250];

    [Test]
    public Task AnswersInTime_NobodyLosesAnything() => Schedules.SampleAsync(
        async schedule => await new Run(answersAfter: 6).HoldsAsync(schedule),
        iter: Rounds.Of(10_000, 200_000), threads: 1, writeLine: TestContext.Out.WriteLine);

    [Test]
    public Task AnswersThatAreLateOrLost_NobodyHoldsWhatHasEndedWithoutKnowing() => FaultySchedules.SampleAsync(
        async schedule => await new Run(answersAfter: int.MaxValue).HoldsAsync(schedule),
        iter: Rounds.Of(10_000, 200_000), threads: 1, writeLine: TestContext.Out.WriteLine);

    /// <param name="answersAfter">After how many steps of time an answer comes at the latest.</param>
    private sealed class Run(int answersAfter)
    {
        private const int Keys = 3;

        private readonly FakeTimeProvider _clock = new();
        private readonly List<ConcurrencyLease> _held = [];

        public async Task<bool> HoldsAsync((Act Act, int Number)[] schedule)
        {
            // It renews nothing itself.
            var counts = new InMemoryRateLimiter(_clock);
            counts.Dispose();
            var store = new LateLeaseStore(counts, _clock);
            await using var keeper = new LeaseKeeper(store, _clock);
            foreach (var (act, number) in schedule)
            {
                switch (act)
                {
                    case Act.Take:
                        await TakeAsync(keeper, store, number);
                        break;
                    case Act.GiveBack when _held.Count > 0:
                        var lease = _held[number % _held.Count];
                        _held.Remove(lease);
                        lease.Dispose();
                        break;
                    case Act.LetTimePass:
                        _clock.Advance(Step);
                        if (answersAfter < int.MaxValue)
                        {
                            store.AnswerOlderThan(_clock.GetUtcNow() - (Step * answersAfter));
                        }

                        break;
                    case Act.Answer:
                        store.Answer(number, isLost: false);
                        break;
                    case Act.LoseAnswer:
                        store.Answer(number, isLost: true);
                        break;
                }

                var told = _held.Count(lease => lease.Lost.IsCancellationRequested);
                var areAllTold = _held.TrueForAll(lease => lease.Lost.IsCancellationRequested || store.IsStanding(lease));
                if (!areAllTold || (answersAfter < int.MaxValue && told > 0))
                {
                    return false;
                }

                _held.RemoveAll(lease => lease.Lost.IsCancellationRequested);
            }

            return true;
        }

        private static readonly Concurrency Limit = RateLimit.Concurrency(100, Concurrency.MinimumLeaseTime);

        private async Task TakeAsync(LeaseKeeper keeper, LateLeaseStore store, int number)
        {
            // The busy key is the first one.
            var key = $"key:{(number % 4 == 0 ? number % Keys : 0)}";
            var name = await store.GiveAsync(key, Limit);
            _held.Add(keeper.Hold(Limit.ToLease(LocalKey.Of(key, Limit), name, 1), name, _clock.GetTimestamp()));
        }
    }
}
