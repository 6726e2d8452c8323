using CsCheck;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.RateLimiting.Exactness;

/// <summary>
/// Clocks that step in either direction, limits that take turns on one key, and garbage under it: nobody is denied for longer than the
/// limit says or than
/// it is told, nobody gets more at once than the largest of the limits gives, and what is told can be.
/// </summary>
internal abstract class ChangesContract
{
    private static readonly TimeSpan[] Jumps =
        [TimeSpan.FromSeconds(
            1), TimeSpan.FromSeconds(17), TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(400)];

    private static readonly DateTimeOffset Start = new DateTimeOffset(2026, 11, 30, 11, 30, 0, TimeSpan.Zero).AddTicks(1230);

    protected MovedClock Clock { get; } = new(Start);

    protected abstract IRateLimiter Limiter { get; }

    /// <summary>The shortest window, in milliseconds.</summary>
    protected abstract int Shortest { get; }

    /// <summary>How many schedules a property is tried with.</summary>
    protected abstract long Times { get; }

    /// <summary>Whether a single fixed window is judged by <see cref="Clock"/> too.</summary>
    protected virtual bool JudgesFixedWindows => true;

    private Gen<TimeSpan> Windows => Gen.OneOf(Gen.Int[Shortest, Shortest * 2], Gen.Int[Shortest, 4_000_000])
        .Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds));

    private Gen<RateLimit> FixedWindows => Gen.Select(Gen.Int[1, 12], Windows, (permits, window) =>
        (RateLimit)RateLimit.FixedWindow(permits, window));

    private Gen<RateLimit> SlidingWindows => Gen.Select(
        Gen.Int[1, 12], Windows, Gen.Int[1, 60], (permits, window, segments) =>
            (RateLimit)RateLimit.SlidingWindow(permits, window, segments));

    private Gen<RateLimit> SlidingLogs => Gen.Select(Gen.Int[1, 12], Windows, (permits, window) =>
        (RateLimit)RateLimit.SlidingLog(permits, window));

    private Gen<RateLimit> TokenBuckets => Gen.Select(
        Gen.Int[1, 13], Windows, Gen.Int[1, 12], (permits, window, burst) => (RateLimit)RateLimit.TokenBucket(permits, window, burst));

    private static Gen<RateLimit> CalendarWindows => Gen.Select(
        Gen.Int[1, 12], Gen.Int[0, 1], Gen.Int[0, 1], (permits, period, zone) => (RateLimit)RateLimit.CalendarWindow(
            permits, (CalendarPeriod)period, zone == 0 ? null : TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")));

    // Two limits whose parts are of the same kinds.
    private Gen<RateLimit[]> Combined => Gen.Int[0, 4].Array[1, 4].SelectMany(kinds => Gen.Select(
        Of(kinds).Select(parts => (RateLimit)RateLimit.All(parts)), Of(kinds)
            .Select(parts => (RateLimit)RateLimit.All(parts)), (one, other) => new[] { one, other }));

    private static Gen<Turn[]> Turns => Gen.Select(
        OneOf(
            TurnAct.Acquire, TurnAct.Acquire, TurnAct.Acquire, TurnAct.UpTo, TurnAct.Pass, TurnAct.Pass, TurnAct.AskAsTold,
            TurnAct.AskAsTold,
            TurnAct.Back, TurnAct.Forth, TurnAct.Spoil),
        Gen.Int[0, 1], Gen.Int[0, 6], Gen.Int[0, 15], (act, limit, permits, amount) => new Turn(act, limit, permits, amount)).Array[1, 40];

    [Test]
    public Task FixedWindow_KeepsItsPromise()
    {
        Assume.That(JudgesFixedWindows, "A single fixed window is as long as its key lives.");
        return HoldsAsync(FixedWindows.Array[2]);
    }

    [Test]
    public Task SlidingWindow_KeepsItsPromise() => HoldsAsync(SlidingWindows.Array[2]);

    [Test]
    public Task SlidingLog_KeepsItsPromise() => HoldsAsync(SlidingLogs.Array[2]);

    [Test]
    public Task TokenBucket_KeepsItsPromise() => HoldsAsync(TokenBuckets.Array[2]);

    [Test]
    public Task CalendarWindow_KeepsItsPromise() => HoldsAsync(CalendarWindows.Array[2]);

    [Test]
    public Task All_KeepsItsPromise() => HoldsAsync(Combined);

    [Test]
    public Task HalfOfEitherLimit_IsNeverDenied() => Gen.Select(
        Gen.Int[2, 12], Windows, Gen.Int[1, 60], Gen.Int[1, 60], Gen.Int[0, 3], Gen.Int[0, 15], (
            permits, window, one, other, kind, longer) =>
            (kind, permits, window, wider: window * (16 + longer) / 16, one, other)).SampleAsync(
        async sample =>
        {
            var (kind, permits, window, wider, one, other) = sample;
            wider = TimeSpan.FromMilliseconds(Math.Ceiling(wider.TotalMilliseconds));
            var limits = kind switch
            {
                0 => [RateLimit.SlidingWindow(permits, window, one), RateLimit.SlidingWindow(permits, wider, other)],
                1 => [RateLimit.SlidingLog(permits, window), RateLimit.SlidingLog(permits, wider)],
                2 => [RateLimit.TokenBucket(permits, window), RateLimit.TokenBucket(permits, wider)],
                _ => new RateLimit[]
                {
                    RateLimit.All(RateLimit.SlidingWindow(permits, window, one), RateLimit.TokenBucket(permits, window)),
                    RateLimit.All(RateLimit.SlidingWindow(permits, wider, other), RateLimit.TokenBucket(permits, wider)),
                },
            };
            var key = $"half-{Guid.NewGuid():N}";
            for (var call = 0; call < 4 * permits; call++)
            {
                if (!(await Limiter.AcquireAsync(key, limits[call % 2])).IsAllowed)
                {
                    return false;
                }

                await KeepAsync(key);
                Clock.Move(2 * wider / permits);
            }

            return true;
        },
        iter: Times,
        threads: 1,
        writeLine: TestContext.Out.WriteLine);

    /// <summary>Keeps what is remembered for as long as the test's own time needs it.</summary>
    protected virtual Task KeepAsync(string key) => Task.CompletedTask;

    /// <summary>Writes something else where the state stands.</summary>
    protected virtual Task SpoilAsync(string key, int how) => Task.CompletedTask;

    // What a limit says about how long anybody may be denied.
    private static TimeSpan Longest(RateLimit limit) =>
        (limit.Parts.IsEmpty ? WithSegment(limit) : limit.Parts.Max(WithSegment)) + TimeSpan.FromSeconds(1);

    private static TimeSpan WithSegment(RateLimit limit) =>
        limit.Window + (
            limit.WindowSegments is > 0 and var segments ? (limit.Window / segments) + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero);

    // To the next microsecond; and in a bucket to a nanosecond of its own interval, which may be long ones of the other's.
    private static TimeSpan Rounding(RateLimit[] limits)
    {
        var buckets = limits.SelectMany(limit => limit.Parts.Append(limit)).OfType<TokenBucket>();
        var intervals = buckets.Select(bucket => bucket.Interval).ToArray();
        return TimeSpan.FromMicroseconds(1 + (intervals.Length == 0 ? 0 : (intervals.Max() / intervals.Min() / 1000) + 1));
    }

    private Gen<RateLimit[]> Of(int[] kinds)
    {
        Gen<RateLimit>[] all = [FixedWindows, SlidingWindows, SlidingLogs, TokenBuckets, CalendarWindows];
        return kinds.Aggregate(
            Gen.Const(Array.Empty<RateLimit>()),
            (gen, kind) => Gen.Select(gen, all[kind], (limits, limit) => limits.Append(limit).ToArray()));
    }

    private Task HoldsAsync(Gen<RateLimit[]> limits) => Gen.Select(limits, Turns).SampleAsync(
        async sample => await HoldsAsync(sample.Item1, sample.Item2), iter: Times, threads: 1, writeLine: TestContext.Out.WriteLine);

    private async Task<bool> HoldsAsync(RateLimit[] limits, Turn[] turns)
    {
        var key = $"changes-{Guid.NewGuid():N}";
        Clock.Move(Start - Clock.GetUtcNow());
        var most = limits.Max(limit => limit.Permits);
        var (atOnce, told) = (0, (Turn?)null);
        var wait = TimeSpan.Zero;
        foreach (var turn in turns)
        {
            var limit = limits[turn.Limit];
            var permits = Math.Min(turn.Permits, limit.Permits);
            switch (turn.Act)
            {
                case TurnAct.Pass:
                    Clock.Move(limit.Window * (turn.Amount + 1) / 16);
                    (atOnce, told) = (0, null);
                    break;
                case TurnAct.Forth:
                    Clock.Move(Jumps[turn.Amount % Jumps.Length]);
                    (atOnce, told) = (0, null);
                    break;
                case TurnAct.Back:
                    Clock.Move(-Jumps[turn.Amount % Jumps.Length]);
                    told = null;
                    break;
                case TurnAct.Spoil:
                    await SpoilAsync(key, turn.Amount);
                    (atOnce, told) = (0, null);
                    break;
                case TurnAct.AskAsTold when told is null:
                    break;
                case TurnAct.AskAsTold:

                    // The other limit may have looked in between, and written what it saw, which rounds.
                    Clock.Move(wait + Rounding(limits));
                    atOnce = told.Permits;
                    if (!(await Limiter.AcquireAsync(key, limits[told.Limit], told.Permits)).IsAllowed)
                    {
                        return Fails(turn, "was told to come now");
                    }

                    told = null;
                    break;
                default:
                    var decision = turn.Act == TurnAct.UpTo
                        ? await Limiter.AcquireUpToAsync(key, limit, permits)
                        : await Limiter.AcquireAsync(key, limit, permits);
                    atOnce += decision.Granted;
                    if (atOnce > most || decision.Remaining < 0 || decision.Remaining > limit.Permits || decision.IsDegraded
                        || decision.ResetAfter < TimeSpan.Zero || decision.ResetAfter > Longest(limit))
                    {
                        return Fails(turn, $"{atOnce} at once, {decision}, longest {Longest(limit)} of {string.Join(';', limit.Parts)}");
                    }

                    if (decision.IsAllowed)
                    {
                        told = decision.Granted > 0 ? null : told;
                    }
                    else if (decision.RetryAfter <= TimeSpan.Zero || decision.RetryAfter > Longest(limit))
                    {
                        return Fails(turn, $"{decision}");
                    }
                    else
                    {
                        (told, wait) = (turn with { Permits = turn.Act == TurnAct.UpTo ? 1 : permits }, decision.RetryAfter);
                    }

                    break;
            }

            await KeepAsync(key);
        }

        return true;
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(place => values[place]);

    private static bool Fails(Turn turn, string why)
    {
        TestContext.Out.WriteLine($"{turn}: {why}");
        return false;
    }
}
