using System.Collections.Concurrent;
using System.Diagnostics;
using RedisResilience.Caching;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>Callers on every node that limit, read, fill and invalidate without pause, and note how long each call took and what went wrong.</summary>
internal sealed class ChaosLoad : IAsyncDisposable
{
    /// <summary>What the scarce limit has to give, to all nodes together.</summary>
    public const int Scarce = 200;

    /// <summary>How many may hold the guarded thing at the same time, on all nodes together.</summary>
    private const int AtOnce = 2;

    private const int CallersPerNode = 4;
    private const int Keys = 40;
    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(30);
    private static readonly RateLimit Allowing = RateLimit.FixedWindow(1_000_000, TimeSpan.FromHours(1));
    private static readonly RateLimit Denying = Allowing with { FailurePolicy = FailurePolicy.Deny };
    private static readonly RateLimit Sharing = Allowing with { FailurePolicy = FailurePolicy.Local };
    private static readonly RateLimit Guard = RateLimit.Concurrency(AtOnce) with { FailurePolicy = FailurePolicy.Deny };
    private static readonly RateLimit ScarceLimit = RateLimit.FixedWindow(Scarce, TimeSpan.FromHours(1)) with { FailurePolicy = FailurePolicy.Deny };

    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _tasks = [];
    private long _operations;
    private long _admitted;
    private int _holders;
    private long _tooManyHolders;
    private volatile ChaosPhase _phase;

    public ChaosLoad(IReadOnlyList<ResilientService> nodes)
    {
        _tasks.Add(Task.Run(KeepTimeAsync));
        _tasks.AddRange(nodes.SelectMany(node => Enumerable.Range(0, CallersPerNode).Select(caller => Task.Run(() => CallAsync(node, caller)))));
    }

    public ConcurrentQueue<Exception> Failures { get; } = [];

    public SourceOfTruth Source { get; } = new();

    public Latencies Calls { get; } = new();

    /// <summary>How long a millisecond took meanwhile: what the machine itself adds to everything.</summary>
    public Latencies Machine { get; } = new();

    public long Operations => Interlocked.Read(ref _operations);

    /// <summary>Permits that Redis has given of the scarce limit.</summary>
    public long Admitted => Interlocked.Read(ref _admitted);

    /// <summary>How often more were let in by Redis than may hold at the same time.</summary>
    public long TooManyHolders => Interlocked.Read(ref _tooManyHolders);

    public ChaosPhase Phase
    {
        get => _phase;
        set => _phase = value;
    }

    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_tasks);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _end.Dispose();
    }

    private async Task CallAsync(ResilientService node, int caller)
    {
        for (var round = 0; !_end.IsCancellationRequested; round++)
        {
            var key = $"predictions:v1:{(round + (caller * 7)) % Keys}";
            await MeasureAsync(async () => await node.Limiter.AcquireAsync($"allow:{caller}", Allowing));
            await MeasureAsync(async () => await node.Limiter.AcquireAsync($"deny:{caller}", Denying));
            await MeasureAsync(async () => await node.Limiter.AcquireAsync($"local:{caller}", Sharing));
            await MeasureAsync(() => ReadAsync(node, key));
            if (round % 5 == caller)
            {
                await MeasureAsync(() => ChangeAsync(node, key));
                await MeasureAsync(() => TakeScarceAsync(node));
                await MeasureAsync(() => HoldAsync(node));
            }

            // While Redis is away calls take microseconds: without a breath, the load would be all that this machine does.
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }
    }

    private async Task ReadAsync(ResilientService node, string key)
    {
        var oldestAllowed = Source.OldestAllowed(key);
        using var response = await node.Cache.GetOrCreateAsync(
            key, TimeToLive, (Source, key), static (state, _) => new ValueTask<ReadOnlyMemory<byte>?>(state.Source.Read(state.key)));
        Source.Check(response.Body, oldestAllowed);
    }

    private async Task ChangeAsync(ResilientService node, string key)
    {
        var version = Source.Change(key);
        if (await node.Cache.RemoveAsync(key))
        {
            Source.Acknowledge(key, version);
        }
    }

    private async Task TakeScarceAsync(ResilientService node)
    {
        if (await node.Limiter.AcquireAsync("scarce", ScarceLimit) is { IsAllowed: true, Decider: RateLimitDecider.Redis })
        {
            Interlocked.Increment(ref _admitted);
        }
    }

    private async Task HoldAsync(ResilientService node)
    {
        var decision = await node.Limiter.AcquireAsync("guard", Guard);
        if (decision is { IsAllowed: true, Decider: RateLimitDecider.Redis })
        {
            Interlocked.Add(ref _tooManyHolders, Interlocked.Increment(ref _holders) > AtOnce ? 1 : 0);
            await Task.Yield();
            Interlocked.Decrement(ref _holders);
        }

        decision.Lease?.Dispose();
    }

    private async Task MeasureAsync(Func<Task> call)
    {
        var phase = _phase;
        var began = Stopwatch.GetTimestamp();
        try
        {
            await call();
        }
        catch (Exception exception)
        {
            Failures.Enqueue(exception);
        }

        Calls.Add(phase, Stopwatch.GetTimestamp() - began);
        Interlocked.Increment(ref _operations);
    }

    private async Task KeepTimeAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var phase = _phase;
            var began = Stopwatch.GetTimestamp();
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            Machine.Add(phase, Stopwatch.GetTimestamp() - began);
        }
    }
}
