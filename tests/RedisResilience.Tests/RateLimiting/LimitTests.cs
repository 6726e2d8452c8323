using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.RateLimiting;

/// <summary>What limits refuse when they are made, and what they are when they are made.</summary>
internal sealed class LimitTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public static IEnumerable<Func<int, TimeSpan, RateLimit>> Kinds() =>
    [
        (permits, window) => RateLimit.FixedWindow(permits, window), (permits, window) => RateLimit.SlidingWindow(permits, window),
        (permits, window) => RateLimit.SlidingLog(permits, window), (permits, window) => RateLimit.TokenBucket(permits, window),
    ];

    [Test]
    public void PermitsBelowOne_AreRefused(
        [ValueSource(nameof(Kinds))] Func<int, TimeSpan, RateLimit> kind, [Values(0, -1, int.MinValue)] int permits) => Assert.That(
        () => kind(permits, Hour), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property(
            nameof(ArgumentException.ParamName)).EqualTo("permits"));

    [Test]
    public void WindowOutOfRange_IsRefused(
        [ValueSource(nameof(Kinds))] Func<int, TimeSpan, RateLimit> kind, [
            Values(0, 1, -1, 100_001, 315_360_000_010_000, long.MaxValue, long.MinValue)] long ticks) => Assert.That(
        () => kind(1, TimeSpan.FromTicks(ticks)), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void WindowInRange_IsKept(
        [ValueSource(nameof(Kinds))] Func<int, TimeSpan, RateLimit> kind, [Values(10_000, 15_000_000, 315_360_000_000_000)] long ticks) =>
        Assert.That(kind(1, TimeSpan.FromTicks(ticks)).Permits, Is.EqualTo(1));

    [Test]
    public void SameValues_AreEqual([ValueSource(nameof(Kinds))] Func<int, TimeSpan, RateLimit> kind)
    {
        var (limit, same) = (kind(5, Hour), kind(5, Hour));
        Assert.That(limit, Is.EqualTo(same));
        Assert.That(limit.GetHashCode(), Is.EqualTo(same.GetHashCode()));
        Assert.That(
            kind(5, Hour),
            Is.Not.EqualTo(kind(6, Hour)).And.Not.EqualTo(kind(5, Hour * 2)).And.Not.EqualTo(kind(5, Hour) with { Name = "name" }));
    }

    [TestCase(0)]
    [TestCase(61)]
    [TestCase(-1)]
    public void SegmentsOutOfRange_AreRefused(int segments) => Assert.That(
        () => RateLimit.SlidingWindow(1, Hour, segments),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property(nameof(ArgumentException.ParamName)).EqualTo("segments"));

    [Test]
    public void SegmentsTogether_AreNeverShorterThanTheWindow(
        [Values(1, 7, 10, 60)] int segments, [Values(1, 7, 1000)] int milliseconds) => Assert.That(
        RateLimit.SlidingWindow(1, TimeSpan.FromMilliseconds(milliseconds), segments).SegmentMicroseconds * segments, Is
            .GreaterThanOrEqualTo(milliseconds * 1000));

    [Test]
    public void LogOfTooMany_IsRefusedWithTheReason()
    {
        Assert.That(RateLimit.SlidingLog(SlidingLog.MaximumPermits, Hour).Permits, Is.EqualTo(1000));
        Assert.That(
            () => RateLimit.SlidingLog(1001, Hour),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("a sliding window takes any number"));
    }

    [TestCase(3, 1000, 333_333_334, Description = "rounded up, so that it is never faster than asked for")]
    [TestCase(100, 60_000, 600_000_000)]
    [TestCase(1_000_000, 1000, 1000)]
    [TestCase(1, 1, 1_000_000)]
    public void BucketsInterval_IsAWholeNumberOfNanoseconds(int permits, int milliseconds, long interval) => Assert.That(
        RateLimit.TokenBucket(permits, TimeSpan.FromMilliseconds(milliseconds)).Interval, Is.EqualTo(interval));

    [Test]
    public void BucketThatFillsForMonths_CountsInWholeMicroseconds()
    {
        var bucket = RateLimit.TokenBucket(7, TimeSpan.FromDays(365));
        Assert.That(bucket.Interval % 1000, Is.Zero, "Lua knows no odd nanoseconds beyond 2^53");
        Assert.That(bucket.Capacity, Is.EqualTo(7 * bucket.Interval).And.GreaterThan(1L << 53));
    }

    [Test]
    public void BucketFasterThanTheClockOrSlowerThanAYear_IsRefused()
    {
        Assert.That(() => RateLimit.TokenBucket(1_000_001, TimeSpan.FromMilliseconds(1)), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => RateLimit.TokenBucket(1, TimeSpan.FromDays(365), burst: 2), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => RateLimit.TokenBucket(1, Hour, burst: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(RateLimit.TokenBucket(10, Hour, burst: 3).Permits, Is.EqualTo(3));
    }

    [TestCase(0)]
    [TestCase(999)]
    [TestCase(86_400_001)]
    public void LeaseTimeOutOfRange_IsRefused(int milliseconds) => Assert.That(
        () => RateLimit.Concurrency(1, TimeSpan.FromMilliseconds(milliseconds)), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Concurrency_HasALeaseTimeAndAnUpperLimit()
    {
        Assert.That(RateLimit.Concurrency(5).LeaseTime, Is.EqualTo(TimeSpan.FromSeconds(30)));
        Assert.That(() => RateLimit.Concurrency(10_001), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => RateLimit.Concurrency(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void AllOfNothingOrTooManyOrNull_IsRefused()
    {
        var one = RateLimit.FixedWindow(1, Hour);
        Assert.That(() => RateLimit.All(), Throws.ArgumentException);
        Assert.That(() => RateLimit.All(null!), Throws.ArgumentNullException);
        Assert.That(() => RateLimit.All(one, null!), Throws.ArgumentNullException);
        Assert.That(() => RateLimit.All([.. Enumerable.Repeat(one, 9)]), Throws.ArgumentException);
        Assert.That(RateLimit.All([.. Enumerable.Repeat(one, 8)]).Parts, Has.Length.EqualTo(8));
    }

    [Test]
    public void AllOfWhatCannotBeCombined_IsRefusedWithTheReason()
    {
        Assert.That(() =>
            RateLimit.All(RateLimit.SlidingLog(1, Hour)).WithPrefetch(), Throws.ArgumentException.With.Message.Contains("sliding log"));
        Assert.That(() => RateLimit.All(RateLimit.Concurrency(1)), Throws.ArgumentException.With.Message.Contains("lease"));
        Assert.That(
            () => RateLimit.All(RateLimit.All(RateLimit.FixedWindow(1, Hour))), Throws.ArgumentException.With.Message.Contains("parts"));
    }

    [Test]
    public void AllOfTheSame_IsTheSame()
    {
        var (all, same) = (RateLimit.All(RateLimit.FixedWindow(5, Hour)), RateLimit.All(RateLimit.FixedWindow(5, Hour)));
        Assert.That(all, Is.EqualTo(same));
        Assert.That(all.GetHashCode(), Is.EqualTo(same.GetHashCode()));
        Assert.That(all, Is.Not.EqualTo(RateLimit.All(RateLimit.FixedWindow(6, Hour))).And.Not.EqualTo(
            RateLimit.All(RateLimit.FixedWindow(5, Hour) with { Name = "part" })));
    }

    [Test]
    public void All_GivesTheLeastOfItsParts() =>
        Assert.That(RateLimit.All(RateLimit.FixedWindow(5, Hour), RateLimit.TokenBucket(100, Hour, burst: 3)).Permits, Is.EqualTo(3));
}
