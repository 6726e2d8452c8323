using CsCheck;
using Microsoft.Extensions.Time.Testing;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.RateLimiting.Exactness;

/// <summary>
/// Every decision is the oracle's, and what the documentation says of each kind's worst case holds: on the test's own time, wherever it is
/// counted.
/// </summary>
internal abstract class ExactnessContract
{
    /// <summary>The time that limits are judged by.</summary>
    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 25, 11, 30, 0, TimeSpan.Zero).AddTicks(1230));

    protected abstract IRateLimiter Limiter { get; }

    protected abstract Schedules Schedules { get; }

    /// <summary>How many schedules a property is tried with.</summary>
    protected abstract long Times { get; }

    private long Now => (Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    [Test]
    public Task FixedWindow_DecidesAsTheOracle() => HoldsAsync(Schedules.FixedWindows, Schedules.Steps, IsTheOracles);

    [Test]
    public Task SlidingWindow_DecidesAsTheOracle() => HoldsAsync(Schedules.SlidingWindows, Schedules.Steps, IsTheOracles);

    [Test]
    public Task SlidingLog_DecidesAsTheOracle() => HoldsAsync(Schedules.SlidingLogs, Schedules.Steps, IsTheOracles);

    [Test]
    public Task TokenBucket_DecidesAsTheOracle() => HoldsAsync(Schedules.TokenBuckets, Schedules.Steps, IsTheOracles);

    [Test]
    public Task CalendarWindow_DecidesAsTheOracle() => HoldsAsync(Schedules.CalendarWindows, Schedules.Steps, IsTheOracles);

    [Test]
    public Task All_DecidesAsTheOraclesOfItsParts() => HoldsAsync(Schedules.Combined, Schedules.Steps, IsTheOracles);

    [Test]
    public Task FixedWindow_InAnyWindow_AdmitsAtMostTwiceItsPermits() => HoldsAsync(
        Schedules.FixedWindows, Schedules.Takes, (limit, played) => MostWithin(played, Micros(limit.Window)) <= 2 * limit.Permits);

    [Test]
    public Task SlidingWindow_InAnyWindow_AdmitsAtMostItsPermits() => HoldsAsync(
        Schedules.SlidingWindows, Schedules.Takes, (limit, played) => MostWithin(played, Micros(limit.Window)) <= limit.Permits);

    [Test]
    public Task SlidingWindow_DeniesOnlyWhatAWindowAndOneSegmentHold() => HoldsAsync(
        Schedules.SlidingWindows, Schedules.Takes, (limit, played) => DeniesOnlyWhatIsHeldFor(
            limit, played, (limit.Segments + 1) * limit.SegmentMicroseconds));

    [Test]
    public Task SlidingLog_InAnyWindow_AdmitsAtMostItsPermits() => HoldsAsync(
        Schedules.SlidingLogs, Schedules.Takes, (limit, played) => MostWithin(played, Micros(limit.Window)) <= limit.Permits);

    [Test]
    public Task SlidingLog_DeniesOnlyWhatAWindowHolds() => HoldsAsync(
        Schedules.SlidingLogs, Schedules.Takes, (limit, played) => DeniesOnlyWhatIsHeldFor(limit, played, Micros(limit.Window)));

    [Test]
    public Task TokenBucket_InAnyTime_AdmitsAtMostItsBurstAndWhatFlowsIn() => HoldsAsync(
        Schedules.TokenBuckets,
        Schedules.Takes,
        (limit, played) => played.All(first => played.Where(last => last.Time >= first.Time).All(last =>
            played.Where(step => step.Time >= first.Time && step.Time <= last.Time).Sum(step => step.Granted)
                <= limit.Burst + ((Int128)(last.Time - first.Time) * 10 * limit.PermitsPerPeriod / limit.Period.Ticks))));

    [Test]
    public Task RetryAfter_IsNeverEarlyAndAtMostOneTickLate() => HoldsAsync(
        Gen.OneOf(
            Schedules.FixedWindows.Select(limit => (RateLimit)limit), Schedules.SlidingWindows.Select(limit => (RateLimit)limit),
            Schedules.SlidingLogs.Select(limit => (RateLimit)limit), Schedules.TokenBuckets.Select(limit => (RateLimit)limit),
            Schedules.CalendarWindows.Select(limit => (RateLimit)limit), Schedules.Combined.Select(limit => (RateLimit)limit))
            .Where(TellsExactly),
        Schedules.Takes,
        (limit, played) => played.Zip(played.Skip(1)).Where(pair => IsTheSameCall(pair.First, pair.Second)).All(pair =>
            pair.Second.Step.Pause == Pause.AsTold ? pair.Second.Decision.IsAllowed
            : pair.Second.Step.Pause != Pause.TooEarly || pair.Second.Decision.RetryAfter > TimeSpan.Zero));

    /// <summary>Lets time pass. What is remembered may have to be told.</summary>
    protected virtual Task PassAsync(string key, RateLimit limit, TimeSpan time)
    {
        Clock.Advance(time);
        return Task.CompletedTask;
    }

    /// <summary>Whether a time is what the oracle says: exactly, where time stands still between two looks at the clock.</summary>
    protected virtual bool IsTime(RateLimit limit, TimeSpan actual, long expected) =>
        actual.Ticks == expected * TimeSpan.TicksPerMicrosecond;

    /// <summary>Whether what a denied call is told can be waited for to the microsecond.</summary>
    protected virtual bool TellsExactly(RateLimit limit) => true;

    /// <summary>Looks at what is remembered after a step. Time may pass.</summary>
    protected virtual Task<bool> IsWellKeptAsync(string key, RateLimit limit, RateLimitDecision decision) => Task.FromResult(true);

    private static long Micros(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    private static bool IsTheSameCall(Played first, Played second) =>
        !first.Decision.IsAllowed && !first.Decision.IsImpossible && first.Step.Act == Act.Acquire
        && second.Step.Act == Act.Acquire && second.Step.Permits == first.Step.Permits;

    private static long MostWithin(Played[] played, long window) => played.Max(last =>
        played.Where(step => step.Time > last.Time - window && step.Time <= last.Time).Sum(step => (long)step.Granted));

    private static bool DeniesOnlyWhatIsHeldFor(RateLimit limit, Played[] played, long time) => played
        .Select((step, place) =>
            (step, Held: played.Take(place).Where(earlier => earlier.Time > step.Time - time).Sum(earlier => earlier.Granted)))
        .All(look => look.step.Decision.IsAllowed
            || look.step.Decision.IsImpossible
            || look.Held + (look.step.Step.Act == Act.UpTo ? 1 : look.step.Step.Permits) > limit.Permits);

    private static Oracle OracleOf(RateLimit limit) => limit switch
    {
        FixedWindow window => LedgerOracle.FixedWindow(window.Permits, Micros(window.Window)),
        SlidingWindow window => LedgerOracle.SlidingWindow(window.Permits, window.SegmentMicroseconds, window.Segments),
        SlidingLog log => LedgerOracle.SlidingLog(log.Permits, Micros(log.Window)),
        TokenBucket bucket => new BucketOracle(bucket.Burst, bucket.Interval),
        CalendarWindow window => LedgerOracle.CalendarWindow(window.Permits, window.Period, window.TimeZone),
        _ => throw new NotSupportedException(),
    };

    private bool IsTheOracles(RateLimit limit, Played[] played)
    {
        var limits = limit is CombinedLimit combined ? [.. combined.Parts] : new[] { limit };
        var oracles = limits.Select(OracleOf).ToArray();
        return played.All(step => IsTheOracles(limit, oracles, step));
    }

    private bool IsTheOracles(RateLimit limit, Oracle[] oracles, Played played)
    {
        var (now, step, decision) = played;
        if (step.Act == Act.Refund)
        {
            Array.ForEach(oracles, oracle => oracle.GiveBack(Math.Min(step.Permits, limit.Permits), now));
            return true;
        }

        if (step.Act == Act.Acquire && step.Permits > limit.Permits)
        {
            return decision is { IsImpossible: true, IsAllowed: false, Granted: 0 };
        }

        var most = Math.Min(step.Permits, limit.Permits);
        var least = step.Act == Act.UpTo ? Math.Min(most, 1) : most;
        var granted = Math.Min(most, oracles.Min(oracle => oracle.Free(now)));
        granted = granted < least ? 0 : granted;
        var wait = granted < least ? oracles.Max(oracle => oracle.Wait(least, now)) : 0;
        Array.ForEach(oracles, oracle => oracle.Take(granted, now));
        return decision.IsAllowed == (granted >= least) && decision.Granted == granted
            && decision.Remaining == oracles.Min(oracle => oracle.Free(now))
            && IsTime(limit, decision.RetryAfter, wait) && IsTime(limit, decision.ResetAfter, oracles.Max(oracle => oracle.Reset(now)))
            && decision.States.Select(state => state.Remaining).SequenceEqual(
                limit is CombinedLimit ? oracles.Select(oracle => oracle.Free(now)) : []);
    }

    private Task HoldsAsync<TLimit>(Gen<TLimit> limits, Gen<Step[]> steps, Func<TLimit, Played[], bool> property)
        where TLimit : RateLimit => Gen.Select(limits, steps).SampleAsync(
            async sample => await PlayAsync(sample.Item1, sample.Item2) is { } played && property(sample.Item1, played),
            iter: Times,
            threads: 1,
            writeLine: TestContext.Out.WriteLine);

    private async Task<Played[]?> PlayAsync(RateLimit limit, Step[] steps)
    {
        var key = $"schedule-{Guid.NewGuid():N}";
        var told = TimeSpan.Zero;
        var played = new List<Played>(steps.Length);
        foreach (var step in steps)
        {
            await PassAsync(key, limit, TimeOf(limit, step, told));
            var decision = step.Act switch
            {
                Act.Acquire => await Limiter.AcquireAsync(key, limit, step.Permits),
                Act.UpTo => await Limiter.AcquireUpToAsync(key, limit, step.Permits),
                _ => default,
            };
            if (step.Act == Act.Refund)
            {
                await Limiter.RefundAsync(key, limit, step.Permits);
            }
            else if (!decision.IsAllowed)
            {
                told = decision.RetryAfter;
            }

            played.Add(new Played(Now, step, decision));
            if (!await IsWellKeptAsync(key, limit, decision))
            {
                return null;
            }
        }

        return [.. played];
    }

    private TimeSpan TimeOf(RateLimit limit, Step step, TimeSpan told) => step.Pause switch
    {
        Pause.Moment or Pause.TooEarly when !TellsExactly(limit) => TimeSpan.Zero,
        Pause.AsTold when !TellsExactly(limit) => WindowOf(limit),
        Pause.Moment => TimeSpan.FromMicroseconds(step.Amount),
        Pause.Part => TimeSpan.FromMicroseconds(Micros(WindowOf(limit)) * step.Amount / 16),
        Pause.Window => WindowOf(limit),
        Pause.AsTold => told,
        Pause.TooEarly => told > TimeSpan.Zero ? told - TimeSpan.FromMicroseconds(1) : TimeSpan.Zero,
        _ => TimeSpan.Zero,
    };

    private static TimeSpan WindowOf(RateLimit limit) => limit switch
    {
        FixedWindow window => window.Window,
        SlidingWindow window => window.Window,
        SlidingLog log => log.Window,
        TokenBucket bucket => bucket.Period,
        CalendarWindow window => window.Window,
        CombinedLimit combined => WindowOf(combined.Parts[0]),
        _ => throw new NotSupportedException(),
    };
}
