using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>A limit of each kind that gives nothing without Redis, so that what Redis counts can be compared with what callers were
/// given.</summary>
internal sealed class ChaosCounts
{
    // So many that none is denied, but of a log, which may run out; and coming back so slowly that none comes back during a run.
    private const int Most = 200_000;
    private const string Key = "counted";
    private static readonly TimeSpan Long = TimeSpan.FromDays(365);
    private static readonly RateLimit Window = RateLimit.FixedWindow(Most, Long);
    private static readonly RateLimit Bucket = RateLimit.TokenBucket(Most, Long);

    private static readonly RateLimit[] Kinds =
    [
        .. new[]
        {
            Window, RateLimit.SlidingWindow(Most, Long), RateLimit.SlidingLog(1000, Long), Bucket,
            RateLimit.CalendarWindow(Most, CalendarPeriod.Month), RateLimit.All(Window, Bucket), Window.WithPrefetch(20),
        }.Select((limit, place) => limit with { FailurePolicy = FailurePolicy.Deny, Name = $"kind{place}" }),
    ];

    private readonly long[] _given = new long[Kinds.Length];
    private readonly long[] _unanswered = new long[Kinds.Length];

    /// <summary>The permits that callers were given, of each kind.</summary>
    public IReadOnlyList<long> Given => _given;

    /// <summary>The calls of which nobody has heard whether Redis gave anything, of each kind: of those who left, and of those who had
    /// waited when the policy denied them.</summary>
    public IReadOnlyList<long> Unanswered => _unanswered;

    /// <summary>Takes a permit of one kind after the other. Some callers leave at once.</summary>
    /// <param name="node">Whom to ask.</param>
    /// <param name="round">How many calls there were before.</param>
    /// <param name="isHealthy">Whether no connection can be lost, and with it the answer to who has left.</param>
    public async Task TakeAsync(ResilientService node, int round, bool isHealthy)
    {
        var kind = round % Kinds.Length;
        using var leaving = new CancellationTokenSource();
        var call = node.Limiter.AcquireAsync(Key, Kinds[kind], cancellationToken: leaving.Token);
        var isUnderWay = !call.IsCompleted;
        if (round % 3 == 0)
        {
            await leaving.CancelAsync();
        }

        try
        {
            var decision = await call;
            Interlocked.Add(ref _given[kind], decision.Granted);
            Interlocked.Add(ref _unanswered[kind], isUnderWay && decision.IsDegraded ? 1 : 0);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Add(ref _unanswered[kind], isHealthy ? 0 : 1);
        }
    }

    /// <summary>How many permits of each kind Redis counts that no caller was given and no node holds, as soon as there are none or after
    /// some patience.</summary>
    public static async Task<IReadOnlyList<long>> CountLostAsync(
        ResilientService node, IReadOnlyList<long> given, TimeSpan patience)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var lost = await Task.WhenAll(Kinds.Select((limit, kind) => CountLostAsync(node, limit, given[kind])));
            if (lost.All(permits => permits == 0) || TimeProvider.System.GetElapsedTime(began) > patience)
            {
                return lost;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    // Of a bucket a part of a permit has flowed in when it goes back: the rest of that permit is on its way.
    private static async Task<long> CountLostAsync(ResilientService node, RateLimit limit, long given)
    {
        var decision = await node.Limiter.AcquireAsync(Key, limit, permits: 0);
        var counted = decision.Source == DecisionSource.Redis ? limit.Permits - decision.Remaining : long.MaxValue;
        return Math.Max(0, counted - given - (limit.Parts.Append(limit).Any(part => part is TokenBucket) ? 1 : 0));
    }
}
