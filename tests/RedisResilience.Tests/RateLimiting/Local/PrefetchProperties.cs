using CsCheck;
using Microsoft.Extensions.Time.Testing;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.RateLimiting.Local;

/// <summary>
/// Whatever the nodes, the schedule, the network and the clocks: prefetched permits keep the bound of the limit that they are of, also
/// those whose reply came too late for their caller.
/// </summary>
internal sealed class PrefetchProperties
{
    private static readonly int Iterations = Environment.GetEnvironmentVariable("REDISRESILIENCE_LONG") == "1" ? 20_000 : 400;

    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.Int[0, 3], Gen.Frequency((6, Gen.Int[1, 1]), (1, Gen.Int[2, 5])), Gen.Frequency(
            (8, Gen.Int[0, 30]), (2, Gen.Int[0, 1_500]), (1, Gen.Int[0, 6_000])), Gen.Int[0, 40], Gen.Int[0, 40],
        Gen.Int[0, 6], (node, cost, pause, there, back, late) => new Step(node, cost, pause, there, back, late == 0, late % 2 == 0));

    private static readonly Gen<Schedule> Schedules = Gen.Select(
        Gen.Int[1, 60], Gen.Int[1, 60], Gen.Int[200, 5_000], Gen.Double[-0.0005, 0.0005], Steps.Array[20, 200],
        (permits, burst, window, drift, steps) => new Schedule(permits, burst, TimeSpan.FromMilliseconds(window), 1 + drift, steps));

    [Test]
    public Task FixedWindow_NoWindowSeesMoreThanItsPermits() => CheckAsync(
        schedule => RateLimit.FixedWindow(schedule.Permits, schedule.Window),
        (schedule, admitted) => admitted.GroupBy(one => one.WindowEnd).All(window => window.Sum(one => one.Cost) <= schedule.Permits));

    [Test]
    public Task SlidingWindow_NoWindowSeesMoreThanItsPermits() => CheckAsync(
        schedule => RateLimit.SlidingWindow(schedule.Permits, schedule.Window),
        (schedule, admitted) => Within(admitted, schedule.Window, schedule.Permits));

    [Test]
    public Task TokenBucket_NoTimeSeesMoreThanTheBurstAndWhatFlowsIn() => CheckAsync(
        schedule => RateLimit.TokenBucket(schedule.Permits, schedule.Window, schedule.Burst),
        (schedule, admitted) => Flows(admitted, RateLimit.TokenBucket(schedule.Permits, schedule.Window, schedule.Burst)));

    [Test]
    public Task All_EveryPartKeepsItsBound() => CheckAsync(
        schedule => RateLimit.All(
            RateLimit.SlidingWindow(
                schedule.Permits, schedule.Window), RateLimit.TokenBucket(schedule.Burst, schedule.Window, schedule.Burst)),
        (schedule, admitted) => Within(admitted, schedule.Window, schedule.Permits)
            && Flows(admitted, RateLimit.TokenBucket(schedule.Burst, schedule.Window, schedule.Burst)));

    private static async Task CheckAsync(Func<Schedule, RateLimit> limitOf, Func<Schedule, IReadOnlyList<Admitted>, bool> isKept)
    {
        var local = 0;
        await Schedules.SampleAsync(
            async schedule =>
            {
                var admitted = await RunAsync(schedule, limitOf(schedule));
                local += admitted.Count(one => one.IsLocal);
                return isKept(schedule, admitted);
            },
            iter: Iterations,
            threads: 1,
            writeLine: TestContext.Out.WriteLine);
        Assert.That(local, Is.Positive, "no lease was ever spent");
    }

    private static async Task<List<Admitted>> RunAsync(Schedule schedule, RateLimit limit)
    {
        var time = new FakeTimeProvider();
        limit = limit.WithPrefetch(limit.Permits) with { FailurePolicy = FailurePolicy.Deny };
        var redis = new FakeRedis(time, limit) { Drift = schedule.Drift };
        var nodes = new[] { redis.NewNode(), redis.NewNode(), redis.NewNode(), redis.NewNode() };
        var admitted = new List<Admitted>();
        foreach (var step in schedule.Steps)
        {
            time.Advance(TimeSpan.FromMilliseconds(step.Pause));
            redis.OnTheWay = () => { };
            if (step.Hears)
            {
                redis.ReplyLate();
            }

            redis.IsLate = step.IsLate;
            var ways = new Queue<int>([step.There, step.Back]);
            redis.OnTheWay = () => time.Advance(TimeSpan.FromMilliseconds(ways.TryDequeue(out var way) ? way : 0));
            var decision = await nodes[step.Node].AcquireAsync("key", limit, Math.Min(step.Cost, limit.Permits));
            if (decision.IsAllowed)
            {
                var isLocal = decision.Source == DecisionSource.Local;
                var (at, resetAt) = isLocal
                    ? (redis.Now, redis.Now + (long)redis.Look("key", limit).ResetAfter.TotalMicroseconds)
                    : redis.LastRun;
                admitted.Add(new Admitted(at, decision.Granted, resetAt, isLocal));
            }
        }

        return admitted;
    }

    private static bool Within(IReadOnlyList<Admitted> admitted, TimeSpan window, int permits) => admitted.All(first =>
        admitted.Where(one => one.At >= first.At && one.At < first.At + (window.Ticks / TimeSpan.TicksPerMicrosecond)).Sum(
            one => one.Cost) <= permits);

    private static bool Flows(IReadOnlyList<Admitted> admitted, TokenBucket bucket)
    {
        for (var first = 0; first < admitted.Count; first++)
        {
            var sum = 0L;
            for (var last = first; last < admitted.Count; last++)
            {
                sum += admitted[last].Cost;
                if (sum > bucket.Burst + ((admitted[last].At - admitted[first].At) * 1000.0 / bucket.Interval))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>One call. A late one is denied, and its reply is heard before one of the next calls.</summary>
    private sealed record Step(int Node, int Cost, int Pause, int There, int Back, bool IsLate, bool Hears);

    private sealed record Schedule(int Permits, int Burst, TimeSpan Window, double Drift, Step[] Steps)
    {
        public override string ToString() => $"{Permits} {Burst} {Window} {Drift} {string.Join(' ', (object[])Steps)}";
    }

    /// <summary>Permits spent, by the server's clock, and the window that was open then.</summary>
    private sealed record Admitted(long At, int Cost, long WindowEnd, bool IsLocal);
}
