using CsCheck;
using Microsoft.Extensions.Time.Testing;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.Tests.RateLimiting.Exactness;

/// <summary>What a decision has given goes back to where it was taken, and takes nothing from anybody else.</summary>
internal abstract class RefundContract
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static CalendarWindow Calendar => RateLimit.CalendarWindow(5, CalendarPeriod.Day);

    public static IEnumerable<RateLimit> LimitsOfFive =>
    [
        RateLimit.FixedWindow(5, Hour), RateLimit.SlidingWindow(5, Hour), RateLimit.SlidingLog(5, Hour), RateLimit.TokenBucket(5, Hour),
        RateLimit.All(RateLimit.FixedWindow(5, Hour), RateLimit.TokenBucket(5, Hour)),
        RateLimit.All(RateLimit.SlidingWindow(5, Hour), RateLimit.SlidingLog(5, Hour)), Calendar,
        RateLimit.All(Calendar, RateLimit.SlidingLog(5, Hour)),
    ];

    /// <summary>The time that limits are judged by.</summary>
    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 25, 11, 30, 0, TimeSpan.Zero));

    protected abstract IRateLimiter Limiter { get; }

    /// <summary>How many schedules a property is tried with.</summary>
    protected abstract long Times { get; }

    private long Now => (Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    [TestCaseSource(nameof(LimitsOfFive))]
    public async Task WhatADecisionHasGiven_GoesBackAndNotMore(RateLimit limit)
    {
        var key = NewKey();
        await Limiter.AcquireAsync(key, limit, 2);
        var decision = await Limiter.AcquireAsync(key, limit, 3);
        Assert.That(await Limiter.RefundAsync(key, limit, decision, 1), Is.True);
        Assert.That((await Limiter.AcquireAsync(key, limit, 0)).Remaining, Is.EqualTo(1));
        await Limiter.RefundAsync(key, limit, await Limiter.AcquireUpToAsync(key, limit, 5));
        Assert.That((await Limiter.AcquireAsync(key, limit, 0)).Remaining, Is.EqualTo(1), "all of it, if nothing else is said");
        await Limiter.RefundAsync(key, limit, decision, int.MaxValue);
        Assert.That((await Limiter.AcquireAsync(key, limit, 0)).Remaining, Is.EqualTo(4), "three that were given, and one before");
    }

    [TestCaseSource(nameof(LimitsOfFive))]
    public async Task DeniedOrUncounted_GivesNothingBack(RateLimit limit)
    {
        var key = NewKey();
        await Limiter.AcquireAsync(key, limit, 5);
        var denied = await Limiter.AcquireAsync(key, limit, 5);
        Assert.That(await Limiter.RefundAsync(key, limit, denied, 5), Is.True);
        var looked = await Limiter.AcquireAsync(key, limit, 0);
        Assert.That(await Limiter.RefundAsync(key, limit, looked, 5), Is.True);
        Assert.That((await Limiter.AcquireAsync(key, limit, 0)).Remaining, Is.Zero);
    }

    [TestCaseSource(nameof(LimitsOfFive))]
    public async Task AfterItsTime_NothingIsTakenFromTheNext(RateLimit limit)
    {
        var key = NewKey();
        var decision = await Limiter.AcquireAsync(key, limit, 5);
        await PassAsync(key, limit, limit.Window * 1.2);
        await Limiter.AcquireAsync(key, limit, 5);
        Assert.That(await Limiter.RefundAsync(key, limit, decision), Is.True);
        Assert.That((await Limiter.AcquireAsync(key, limit)).IsAllowed, Is.False);
    }

    [TestCaseSource(nameof(LimitsOfFive))]
    public async Task HeldUpOnItsWayUntilTheNextWindow_TakesNothingFromIt(RateLimit limit)
    {
        var key = NewKey();
        var decision = await Limiter.AcquireAsync(key, limit, 5);
        var until = decision.TimesForReturn(limit, Now);
        await PassAsync(key, limit, limit.Window * 1.2);
        await Limiter.AcquireAsync(key, limit, 5);
        await ReturnAsync(key, limit, PermitRequest.Return(5, until));
        Assert.That((await Limiter.AcquireAsync(key, limit)).IsAllowed, Is.False);
    }

    [TestCaseSource(nameof(LimitsOfFive))]
    public async Task AfterAReset_NothingIsTakenFromTheNewCount(RateLimit limit)
    {
        var key = NewKey();
        var decision = await Limiter.AcquireAsync(key, limit, 5);
        await Limiter.ResetAsync(key, limit);
        await Limiter.AcquireAsync(key, limit, 5);
        Assert.That(await Limiter.RefundAsync(key, limit, decision), Is.True);
        Assert.That((await Limiter.AcquireAsync(key, limit)).IsAllowed, Is.False);
    }

    [Test]
    public async Task BookedBeforeAReset_GivesNothingBackToTheNewCount()
    {
        var key = NewKey();
        var limit = RateLimit.TokenBucket(5, Hour);
        await Limiter.AcquireAsync(key, limit, 5);
        using var source = new CancellationTokenSource();
        var wait = Limiter.WaitAsync(key, limit, 5, 24 * Hour, source.Token).AsTask();
        while ((await Limiter.AcquireAsync(key, limit, 0)).ResetAfter <= Hour)
        {
            await Task.Yield();
        }

        await Limiter.ResetAsync(key, limit);
        await Limiter.AcquireAsync(key, limit, 5);
        await source.CancelAsync();
        Assert.That(() => wait, Throws.InstanceOf<OperationCanceledException>());
        Assert.That((await Limiter.AcquireAsync(key, limit)).IsAllowed, Is.False);
    }

    [Test]
    public async Task Parts_GiveBackWhatEachStillCounts()
    {
        var key = NewKey();
        var limit = RateLimit.All(RateLimit.SlidingLog(5, Hour / 2), RateLimit.FixedWindow(5, 24 * Hour));
        var decision = await Limiter.AcquireAsync(key, limit, 2);
        await PassAsync(key, limit, Hour / 2);
        await Limiter.AcquireAsync(key, limit, 1);
        await Limiter.RefundAsync(key, limit, decision);
        var states = (await Limiter.AcquireAsync(key, limit, 0)).States;
        Assert.That(states.Select(state => state.Remaining), Is.EqualTo(new[] { 4, 4 }));
    }

    [Test]
    public async Task Bucket_GetsBackOnlyWhatHasNotFlowedInAgain()
    {
        var key = NewKey();
        var limit = RateLimit.TokenBucket(10, TimeSpan.FromSeconds(1000));
        var decision = await Limiter.AcquireAsync(key, limit, 1);
        await PassAsync(key, limit, TimeSpan.FromSeconds(90));

        // Of the first token a tenth is still missing, so nine are here.
        await Limiter.AcquireAsync(key, limit, 9);
        await Limiter.RefundAsync(key, limit, decision);
        Assert.That((await Limiter.AcquireAsync(key, limit, 1)).IsAllowed, Is.True, "nine of ten were taken");
        var denied = await Limiter.AcquireAsync(key, limit, 1);
        Assert.That(denied.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(100)));
    }

    [Test]
    public async Task Bucket_WhoseOtherPermitsWentBackEarlier_GetsNothingTwice()
    {
        var key = NewKey();
        var limit = RateLimit.TokenBucket(10, TimeSpan.FromSeconds(1000));
        var (first, second) = (await Limiter.AcquireAsync(key, limit, 5), await Limiter.AcquireAsync(key, limit, 5));
        await Limiter.RefundAsync(key, limit, first);
        await PassAsync(key, limit, TimeSpan.FromSeconds(500));
        await Limiter.AcquireAsync(key, limit, 10);
        await Limiter.RefundAsync(key, limit, second);
        Assert.That((await Limiter.AcquireAsync(key, limit, 1)).IsAllowed, Is.False);
    }

    [Test]
    public Task SlidingWindow_WithRefunds_AdmitsNoMoreThanIfNothingHadBeenTaken() => HoldsAsync(RateLimit.SlidingWindow(6, Hour, 4));

    [Test]
    public Task SlidingLog_WithRefunds_AdmitsNoMoreThanIfNothingHadBeenTaken() => HoldsAsync(RateLimit.SlidingLog(6, Hour));

    [Test]
    public Task TokenBucket_WithRefunds_AdmitsNoMoreThanIfNothingHadBeenTaken() => HoldsAsync(RateLimit.TokenBucket(7, Hour, 6));

    [Test]
    public Task All_WithRefunds_AdmitsNoMoreThanIfNothingHadBeenTaken() =>
        HoldsAsync(RateLimit.All(RateLimit.TokenBucket(5, Hour / 4, 6), RateLimit.SlidingLog(6, Hour)));

    protected static string NewKey() => $"refund:{Guid.NewGuid():N}";

    /// <summary>Lets time pass.</summary>
    protected virtual Task PassAsync(string key, RateLimit limit, TimeSpan time)
    {
        Clock.Advance(time);
        return Task.CompletedTask;
    }

    /// <summary>Has a request judged as it is, whenever it was made.</summary>
    protected abstract Task ReturnAsync(string key, RateLimit limit, PermitRequest request);

    private static Oracle OracleOf(RateLimit limit) => limit switch
    {
        SlidingWindow window => LedgerOracle.SlidingWindow(window.Permits, window.SegmentMicroseconds, window.Segments),
        SlidingLog log => LedgerOracle.SlidingLog(log.Permits, log.Window.Ticks / TimeSpan.TicksPerMicrosecond),
        TokenBucket bucket => new BucketOracle(bucket.Burst, bucket.Interval),
        _ => throw new NotSupportedException(),
    };

    private Task HoldsAsync(RateLimit limit) => Gen
        .Select(Gen.Int[0, 20], Gen.Int[1, 4], Gen.Bool, (minutes, permits, isRefund) => (minutes, permits, isRefund)).Array[4, 30]
        .SampleAsync(
            async steps => await IsNeverMoreAsync(limit, steps), iter: Times, threads: 1, writeLine: TestContext.Out.WriteLine);

    // What a limit would say if the permits that went back had never been taken, worked out anew for each call.
    private async Task<bool> IsNeverMoreAsync(RateLimit limit, (int Minutes, int Permits, bool IsRefund)[] steps)
    {
        var (key, taken) = (NewKey(), new List<(long Time, RateLimitDecision Decision)>());
        foreach (var (minutes, permits, isRefund) in steps)
        {
            await PassAsync(key, limit, TimeSpan.FromMinutes(minutes));
            if (isRefund && taken.Count > 0)
            {
                var place = permits % taken.Count;
                await Limiter.RefundAsync(key, limit, taken[place].Decision);
                taken.RemoveAt(place);
                continue;
            }

            var decision = await Limiter.AcquireAsync(key, limit, permits);
            foreach (var part in limit.Parts.IsEmpty ? [limit] : limit.Parts)
            {
                var oracle = OracleOf(part);
                taken.ForEach(earlier => oracle.Take(earlier.Decision.Granted, earlier.Time));
                if (decision.Granted > oracle.Free(Now))
                {
                    return false;
                }
            }

            if (decision.IsAllowed)
            {
                taken.Add((Now, decision));
            }
        }

        return true;
    }
}
