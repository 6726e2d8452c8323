using CsCheck;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.Tests.RateLimiting.Exactness;

/// <summary>
/// Waits for a token bucket, some of them cancelled: each passes in the millisecond after the time it booked and not before, and a
/// cancelled one leaves the bucket exactly as if
/// it had given back what it took. Nothing is lost, and nothing admitted that the oracle would not.
/// </summary>
internal abstract class WaitExactnessContract
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected WatchedTime Clock { get; } = new(new DateTimeOffset(2026, 11, 25, 11, 30, 0, TimeSpan.Zero));

    protected abstract IPermitSource Permits { get; }

    protected abstract long Times { get; }

    private long Now => (Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    // Buckets that a test does not outlast: what a server keeps ends in real time.
    private static Gen<TokenBucket> Limits { get; } = Gen.Select(
        Gen.Int[1, 13], Gen.Int[600, 7200], Gen.Int[1, 8], (permits, seconds, burst) => RateLimit.TokenBucket(
            permits, TimeSpan.FromSeconds(seconds), burst));

    // What is done, how many sixteenths of a period pass before, how many permits or which wait, and how many periods a wait may last.
    private static Gen<(int Act, int Sixteenths, int Number, int Periods)[]> Steps { get; } =
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 8], Gen.Int[0, 5], Gen.Int[0, 3]).Array[1, 30];

    [Test]
    public Task CancelledWaits_LeaveNothingBehindAndNothingOut() => Gen.Select(Limits, Steps).SampleAsync(
        async sample => await HoldsAsync(sample.Item1, sample.Item2), iter: Times, threads: 1, writeLine: TestContext.Out.WriteLine);

    private async Task<bool> HoldsAsync(TokenBucket limit, (int Act, int Sixteenths, int Number, int Periods)[] steps)
    {
        var key = $"waits-{Guid.NewGuid():N}";
        var oracle = new BucketOracle(limit.Burst, limit.Interval);
        var waits = new List<BookedWait>();
        var holds = true;
        foreach (var (act, sixteenths, number, periods) in steps)
        {
            Clock.Advance(limit.Period / 16 * sixteenths);
            holds &= await PassAsync(waits) && act switch
            {
                0 => await AsksAsync(key, limit, number, oracle),
                1 or 2 => await CancelsAsync(waits, number, oracle),
                _ => await BooksAsync(key, limit, Math.Min(number, limit.Burst), limit.Period * periods, oracle, waits),
            };
        }

        // What is left of it all is what the oracle says.
        holds &= await AsksAsync(key, limit, 0, oracle);
        while (waits.Count > 0)
        {
            holds &= await CancelsAsync(waits, 0, oracle);
        }

        return holds && await AsksAsync(key, limit, limit.Burst, oracle);
    }

    private async Task<bool> AsksAsync(string key, TokenBucket limit, int number, BucketOracle oracle)
    {
        var permits = Math.Min(number, limit.Burst);
        var decision = await Permits.DecideAsync(key, limit, PermitRequest.Exactly(permits), CancellationToken.None);
        var (wait, isAllowed) = (oracle.Wait(permits, Now), permits == 0 || oracle.Free(Now) >= permits);
        oracle.Take(isAllowed ? permits : 0, Now);
        return decision.IsAllowed == isAllowed && Micros(decision.RetryAfter) == (isAllowed ? 0 : wait)
            && decision.Remaining == Math.Max(0, oracle.Free(Now)) && Micros(decision.ResetAfter) == oracle.Reset(Now);
    }

    private async Task<bool> BooksAsync(
        string key, TokenBucket limit, int permits, TimeSpan maximumWait, BucketOracle oracle, List<BookedWait> waits)
    {
        var wait = permits == 0 ? 0 : oracle.Wait(permits, Now);
        var (source, begun) = (new CancellationTokenSource(), Clock.Waits);
        var task = new PermitWait(Permits, Clock, TimeSpan.FromSeconds(1))
            .WaitAsync(key, limit, permits, maximumWait, source.Token).AsTask();
        if (wait > 0 && wait <= Micros(maximumWait))
        {
            oracle.Take(permits, Now);

            // A timer takes whole milliseconds.
            waits.Add(new BookedWait(task, source, permits, Now + ((wait + 999) / 1000 * 1000)));
            await UntilAsync(() => Clock.Waits > begun || task.IsCompleted);
            return !task.IsCompleted;
        }

        var decision = await task.WaitAsync(Patience);
        oracle.Take(wait == 0 ? permits : 0, Now);
        return decision.IsAllowed == (wait == 0) && (decision.IsAllowed || Micros(decision.RetryAfter) == wait);
    }

    private async Task<bool> CancelsAsync(List<BookedWait> waits, int number, BucketOracle oracle)
    {
        if (waits.Count == 0)
        {
            return true;
        }

        var wait = waits[number % waits.Count];
        waits.Remove(wait);
        await wait.Source.CancelAsync();
        await Task.WhenAny(wait.Task).WaitAsync(Patience);
        oracle.GiveBack(wait.Permits, Now);
        return wait.Task.IsCanceled;
    }

    /// <summary>Those whose time has come have passed, and nobody else has.</summary>
    private async Task<bool> PassAsync(List<BookedWait> waits)
    {
        var passed = waits.Where(wait => wait.DueAt <= Now).ToArray();
        waits.RemoveAll(wait => wait.DueAt <= Now);
        var decisions = await Task.WhenAll(passed.Select(wait => wait.Task)).WaitAsync(Patience);
        return decisions.All(decision => decision is { IsAllowed: true, RetryAfter.Ticks: 0 }) && waits.All(wait => !wait.Task.IsCompleted);
    }

    private static long Micros(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }
}
