using Microsoft.Extensions.Time.Testing;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.RateLimiting;

/// <summary>What every <see cref="IRateLimiter"/> keeps to that counts, in Redis or in memory. Times are the test's own.</summary>
internal abstract class CountingContract
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static TimeZoneInfo MidnightInAnHour { get; } =
        TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(11.5), null, null);

    /// <summary>Limits of three permits that come back within an hour or two.</summary>
    public static IEnumerable<RateLimit> LimitsOfThree =>
    [
        RateLimit.FixedWindow(3, Hour), RateLimit.SlidingWindow(3, Hour), RateLimit.SlidingLog(3, Hour), RateLimit.TokenBucket(3, Hour),
        RateLimit.All(RateLimit.FixedWindow(5, Hour), RateLimit.TokenBucket(3, Hour)),
        RateLimit.CalendarWindow(3, CalendarPeriod.Day, MidnightInAnHour),
        RateLimit.All(RateLimit.CalendarWindow(3, CalendarPeriod.Day, MidnightInAnHour), RateLimit.FixedWindow(5, Hour)),
    ];

    public static IEnumerable<RateLimit> AndConcurrency => [.. LimitsOfThree, RateLimit.Concurrency(3, Hour)];

    /// <summary>The time that limits are judged by, and that this process waits by.</summary>
    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 25, 11, 30, 0, TimeSpan.Zero));

    protected abstract IRateLimiter Limiter { get; }

    /// <summary>Whether the limiter counts this kind. One that does not hides the sources of the tests too.</summary>
    protected virtual bool Counts(RateLimit limit) => true;

    [TestCaseSource(nameof(AndConcurrency))]
    public async Task UpToTheLimit_Allowed_ThenDenied(RateLimit limit)
    {
        var key = NewKey();
        var kept = new List<RateLimitDecision>();
        for (var remaining = 2; remaining >= 0; remaining--)
        {
            kept.Add(await Limiter.AcquireAsync(key, limit));
            Assert.That(
                kept[^1], Has.Property("IsAllowed").True.And.Property("Granted").EqualTo(1).And.Property("Remaining").EqualTo(remaining));
        }

        var denied = await Limiter.AcquireAsync(key, limit);
        Assert.That(denied, Has.Property("IsAllowed").False.And.Property("Granted").EqualTo(0).And.Property("Remaining").EqualTo(0).And
            .Property("IsImpossible").False);
        GC.KeepAlive(kept);
    }

    [TestCaseSource(nameof(AndConcurrency))]
    public async Task ZeroPermits_AskAndTakeNothing(RateLimit limit)
    {
        var key = NewKey();
        for (var time = 0; time < 5; time++)
        {
            Assert.That(
                await Limiter.AcquireAsync(key, limit, permits: 0),
                Has.Property("IsAllowed").True.And.Property("Granted").EqualTo(0).And.Property("Remaining").EqualTo(3));
        }

        Assert.That((await Limiter.AcquireUpToAsync(key, limit, permits: 0)).IsAllowed, Is.True);
    }

    [TestCaseSource(nameof(AndConcurrency))]
    public async Task UpTo_GivesWhatThereIs(RateLimit limit)
    {
        var key = NewKey();
        var first = await Limiter.AcquireUpToAsync(key, limit, 2);
        var second = await Limiter.AcquireUpToAsync(key, limit, 1000);
        var third = await Limiter.AcquireUpToAsync(key, limit, 2);
        Assert.That((first.Granted, second.Granted, third.Granted), Is.EqualTo((2, 1, 0)));
        Assert.That((first.IsAllowed, second.IsAllowed, third.IsAllowed), Is.EqualTo((true, true, false)));
        GC.KeepAlive((first, second));
    }

    [TestCaseSource(nameof(AndConcurrency))]
    public async Task DeniedCall_TakesNothing(RateLimit limit)
    {
        var key = NewKey();
        var first = await Limiter.AcquireAsync(key, limit, 2);
        Assert.That(await Limiter.AcquireAsync(key, limit, 2), Has.Property("IsAllowed").False.And.Property("Remaining").EqualTo(1));
        Assert.That((await Limiter.AcquireAsync(key, limit)).IsAllowed, Is.True);
        GC.KeepAlive(first);
    }

    [TestCaseSource(nameof(LimitsOfThree))]
    public async Task Refund_GivesBackWhatWasTakenAndNotMore(RateLimit limit)
    {
        var key = NewKey();
        await Limiter.AcquireAsync(key, limit, 3);
        Assert.That(await Limiter.RefundAsync(key, limit, 2), Is.True);
        Assert.That((await Limiter.AcquireAsync(key, limit, 0)).Remaining, Is.EqualTo(2));
        Assert.That(await Limiter.RefundAsync(key, limit, int.MaxValue), Is.True);
        Assert.That(
            await Limiter.AcquireAsync(key, limit, 0),
            Has.Property("Remaining").EqualTo(3).And.Property("ResetAfter").EqualTo(TimeSpan.Zero));
        Assert.That(await Limiter.RefundAsync(NewKey(), limit, 2), Is.True, "of a key that has taken nothing");
    }

    [TestCaseSource(nameof(AndConcurrency))]
    public async Task Reset_ForgetsTheKey(RateLimit limit)
    {
        var key = NewKey();
        var first = await Limiter.AcquireAsync(key, limit, 3);
        Assert.That(await Limiter.ResetAsync(key, limit), Is.True);
        Assert.That((await Limiter.AcquireAsync(key, limit, 3)).IsAllowed, Is.True);
        GC.KeepAlive(first);
    }

    [TestCaseSource(nameof(AndConcurrency))]
    public async Task NamedLimits_CountApart(RateLimit limit)
    {
        var key = NewKey();
        var first = await Limiter.AcquireAsync(key, limit with { Name = "login" }, 3);
        Assert.That((await Limiter.AcquireAsync(key, limit with { Name = "search" }, 3)).IsAllowed, Is.True);
        Assert.That((await Limiter.AcquireAsync(key, limit with { Name = "login" })).IsAllowed, Is.False);
        GC.KeepAlive(first);
    }

    [Test]
    public async Task AnotherKind_UnderTheSameKey_BeginsAnew(
        [ValueSource(nameof(AndConcurrency))] RateLimit first, [ValueSource(nameof(LimitsOfThree))] RateLimit second)
    {
        var key = NewKey();
        var taken = await Limiter.AcquireAsync(key, first, 2);
        var decision = await Limiter.AcquireAsync(key, second);
        Assert.That(decision.IsDegraded, Is.False);
        Assert.That(decision.Remaining, first.GetType() == second.GetType() ? Is.LessThanOrEqualTo(2) : Is.EqualTo(2));
        GC.KeepAlive(taken);
    }

    [Test]
    public async Task AnotherKindThatTakesNothing_ForgetsNothing(
        [ValueSource(nameof(AndConcurrency))] RateLimit first, [ValueSource(nameof(AndConcurrency))] RateLimit second)
    {
        // Limits of one kind share a count, whatever is prefetched.
        if (first.GetType() == second.GetType())
        {
            return;
        }

        Func<string, Task>[] ways =
        [
            async key => await Limiter.AcquireAsync(key, second, 0), async key => await Limiter.AcquireUpToAsync(key, second, 0),
            async key => await Limiter.WaitAsync(key, second, 0, TimeSpan.Zero),
        ];
        if (!second.IsHeld)
        {
            ways =
            [
                .. ways, async key => await Limiter.RefundAsync(key, second, 0), async key => await Limiter.RefundAsync(key, second, 1),
                async key => await Limiter.RefundAsync(key, second, await Limiter.AcquireAsync(NewKey(), second)),
            ];
        }

        for (var way = 0; way < ways.Length; way++)
        {
            var key = NewKey();
            var taken = await Limiter.AcquireAsync(key, first, 3);
            await ways[way](key);
            Assert.That((await Limiter.AcquireAsync(key, first)).IsAllowed, Is.False, $"{first} after way {way} of {second}");
            GC.KeepAlive(taken);
        }
    }

    [Test]
    public async Task AnotherCombinationThatTakesNothing_ForgetsNothing()
    {
        var (window, bucket, log) = (RateLimit.FixedWindow(5, Hour), RateLimit.TokenBucket(3, Hour), RateLimit.SlidingLog(3, Hour));
        var limit = RateLimit.All(window, bucket);
        Assume.That(Counts(limit), "the limiter combines no limits");
        foreach (var other in new[] { RateLimit.All(window, log), RateLimit.All(window), RateLimit.All(bucket, window) })
        {
            var key = NewKey();
            await Limiter.AcquireAsync(key, limit, 3);
            await Limiter.AcquireAsync(key, other, 0);
            await Limiter.RefundAsync(key, other, 0);
            await Limiter.RefundAsync(key, other, 1);
            Assert.That((await Limiter.AcquireAsync(key, limit)).IsAllowed, Is.False, $"after {string.Join(", ", other.Parts)}");
        }
    }

    [Test]
    public async Task All_NamesTheLimitThatBindsAndWhatEachHasLeft()
    {
        var key = NewKey();
        var burst = RateLimit.TokenBucket(3, TimeSpan.FromMinutes(3)) with { Name = "burst" };
        var daily = RateLimit.SlidingWindow(4, TimeSpan.FromDays(1)) with { Name = "daily" };
        var limit = RateLimit.All(daily, burst);
        Assume.That(Counts(limit), "the limiter combines no limits");

        var allowed = await Limiter.AcquireAsync(key, limit, 3);
        Assert.That(
            allowed.States.Select(state => (state.Limit, state.Remaining)), Is.EqualTo(new[] { (daily, 1), ((RateLimit)burst, 0) }));
        Assert.That((allowed.BindingLimit, allowed.Limit, allowed.Remaining), Is.EqualTo((burst, 3, 0)));

        var denied = await Limiter.AcquireAsync(key, limit);
        Assert.That((denied.IsAllowed, denied.BindingLimit, denied.RetryAfter), Is.EqualTo((false, burst, TimeSpan.FromMinutes(1))));

        Clock.Advance(TimeSpan.FromMinutes(3));
        var exhausted = await Limiter.AcquireAsync(key, limit, 2);
        Assert.That((exhausted.IsAllowed, exhausted.BindingLimit), Is.EqualTo((false, daily)), "all or nothing: the bucket is full again");
        Assert.That(exhausted.RetryAfter, Is.GreaterThan(TimeSpan.FromHours(23)));
        Assert.That(exhausted.States.Select(state => state.Remaining), Is.EqualTo(new[] { 1, 3 }));
    }

    [Test]
    public async Task LookAtALoweredCombination_FindsNobodyWaiting()
    {
        var (wide, narrow) = (Both(10, 20), Both(5, 4));
        Assume.That(Counts(wide), "the limiter combines no limits");
        var key = NewKey();
        await Limiter.AcquireAsync(key, wide, 8);
        var look = await Limiter.AcquireAsync(key, narrow, 0);
        Assert.That(
            (look.IsAllowed, look.Remaining, look.BindingLimit), Is.EqualTo((true, 0, narrow.Parts[0])), "of two that bind the first");
        Assert.That(look.States.Select(state => state.RetryAfter), Is.All.EqualTo(TimeSpan.Zero));

        static RateLimit Both(int first, int second) => RateLimit.All(
            RateLimit.FixedWindow(first, TimeSpan.FromHours(1)), RateLimit.SlidingLog(second, TimeSpan.FromHours(2)));
    }

    [Test]
    public async Task ChangedLimit_HoldsAtOnceAndLocksNobodyOutLongerThanItSays()
    {
        foreach (var (before, after, longest) in Changes().Where(change => Counts(change.Before) && Counts(change.After)))
        {
            var key = NewKey();
            await Limiter.AcquireAsync(key, before, before.Permits);
            var decision = await Limiter.AcquireAsync(key, after);
            Assert.That(decision.RetryAfter, Is.LessThanOrEqualTo(longest + TimeSpan.FromMilliseconds(2)), $"{before} -> {after}");
            Assert.That(decision.Limit, Is.EqualTo(after.Permits));
        }
    }

    [Test]
    public async Task RaisedLimit_GivesTheDifference()
    {
        foreach (var (before, after) in new (RateLimit, RateLimit)[]
        {
            (RateLimit.FixedWindow(3, Hour), RateLimit.FixedWindow(5, Hour)), (
                RateLimit.SlidingWindow(3, Hour), RateLimit.SlidingWindow(5, Hour)),
            (RateLimit.SlidingLog(3, Hour), RateLimit.SlidingLog(5, Hour)), (RateLimit.Concurrency(3), RateLimit.Concurrency(5)),
        }.Where(change => Counts(change.Item1)))
        {
            var key = NewKey();
            var taken = await Limiter.AcquireAsync(key, before, 3);
            Assert.That((await Limiter.AcquireAsync(key, after)).Remaining, Is.EqualTo(1), $"{before} -> {after}");
            GC.KeepAlive(taken);
        }
    }

    protected static string NewKey() => $"counting:{Guid.NewGuid():N}";

    private static IEnumerable<(RateLimit Before, RateLimit After, TimeSpan Longest)> Changes()
    {
        var (minute, day) = (TimeSpan.FromMinutes(1), TimeSpan.FromDays(1));
        yield return (RateLimit.FixedWindow(100, day), RateLimit.FixedWindow(10, minute), minute);
        yield return (RateLimit.SlidingWindow(100, day), RateLimit.SlidingWindow(10, minute, 6), minute + TimeSpan.FromSeconds(10));
        yield return (RateLimit.SlidingWindow(100, minute, 3), RateLimit.SlidingWindow(10, minute, 6), minute + TimeSpan.FromSeconds(10));
        yield return (RateLimit.SlidingLog(100, day), RateLimit.SlidingLog(10, minute), minute);
        yield return (RateLimit.TokenBucket(100, day), RateLimit.TokenBucket(10, minute), minute / 10);
        yield return (
            RateLimit.TokenBucket(3, TimeSpan.FromSeconds(1), 1000), RateLimit.TokenBucket(60, minute, 1), TimeSpan.FromSeconds(1));
        yield return (RateLimit.All(RateLimit.FixedWindow(100, day)), RateLimit.All(RateLimit.FixedWindow(10, minute)), minute);
        yield return (RateLimit.All(RateLimit.TokenBucket(100, day)), RateLimit.All(RateLimit.TokenBucket(10, minute)), minute / 10);
    }
}
