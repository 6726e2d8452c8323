using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>Limits that are exact in every outage, since they deny without Redis; and how many permits callers were given of
/// them.</summary>
internal sealed class ChaosPermits
{
    /// <summary>What a scarce limit has to give, to all nodes together.</summary>
    public const int Scarce = 200;

    /// <summary>How many may hold the guarded thing at the same time, on all nodes together.</summary>
    private const int AtOnce = 2;

    private static readonly RateLimit ScarceLimit = RateLimit.FixedWindow(Scarce, TimeSpan.FromHours(1)) with
    {
        FailurePolicy = FailurePolicy.Deny,
    };
    private static readonly RateLimit LeasedLimit = ScarceLimit.WithPrefetch(20);
    private static readonly RateLimit Guard = RateLimit.Concurrency(AtOnce) with { FailurePolicy = FailurePolicy.Deny };

    // For so long that what nobody holds cannot have ended by itself.
    private static readonly RateLimit Kept = RateLimit.Concurrency(AtOnce, TimeSpan.FromHours(1)) with
    {
        FailurePolicy = FailurePolicy.Deny,
    };

    private long _admitted;
    private long _leased;
    private int _holders;
    private long _tooManyHolders;

    /// <summary>Permits of the limit that is asked for one by one.</summary>
    public long Admitted => Interlocked.Read(ref _admitted);

    /// <summary>Permits of the limit whose permits a node takes in batches and spends by itself.</summary>
    public long Leased => Interlocked.Read(ref _leased);

    /// <summary>How often more were let in by Redis than may hold at the same time.</summary>
    public long TooManyHolders => Interlocked.Read(ref _tooManyHolders);

    /// <summary>How many of a scarce limit were given beyond what there was, when Redis has lost its counts so many times.</summary>
    public static long Excess(long given, int losses) => Math.Max(0, given - (Scarce * (1 + losses)));

    public async Task TakeAsync(ResilientService node)
    {
        if (await node.Limiter.AcquireAsync("scarce", ScarceLimit) is { IsAllowed: true })
        {
            Interlocked.Increment(ref _admitted);
        }
    }

    public async Task TakeLeasedAsync(ResilientService node)
    {
        if (await node.Limiter.AcquireAsync("leased", LeasedLimit) is { IsAllowed: true })
        {
            Interlocked.Increment(ref _leased);
        }
    }

    /// <summary>How many permits are missing that nobody holds any more, as soon as there are none or after some patience.</summary>
    public static async Task<int> CountLostAsync(ResilientService node, TimeSpan patience)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var decision = await node.Limiter.AcquireAsync("kept", Kept, permits: 0);
            if (decision is { Source: DecisionSource.Redis, Remaining: AtOnce } || TimeProvider.System.GetElapsedTime(began) > patience)
            {
                return AtOnce - decision.Remaining;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    /// <summary>Holds a permit for a moment, in a process that lives through the run.</summary>
    public static async Task KeepAsync(ResilientService node)
    {
        await using var lease = (await node.Limiter.AcquireAsync("kept", Kept)).Lease;
        await Task.Yield();
    }

    public async Task HoldAsync(ResilientService node)
    {
        var decision = await node.Limiter.AcquireAsync("guard", Guard);
        if (decision is { IsAllowed: true, Source: DecisionSource.Redis })
        {
            Interlocked.Add(ref _tooManyHolders, Interlocked.Increment(ref _holders) > AtOnce ? 1 : 0);
            await Task.Yield();
            Interlocked.Decrement(ref _holders);
        }

        decision.Lease?.Dispose();
    }
}
