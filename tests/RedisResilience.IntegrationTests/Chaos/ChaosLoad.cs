using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>Callers on every node that limit, read, fill, invalidate and ask another API without pause, and note how long each call
/// took and what went wrong.</summary>
internal sealed class ChaosLoad : IAsyncDisposable
{
    private const int CallersPerNode = 4;
    private static readonly RateLimit Allowing = RateLimit.FixedWindow(1_000_000, TimeSpan.FromHours(1));
    private static readonly RateLimit Denying = Allowing with { FailurePolicy = FailurePolicy.Deny };
    private static readonly RateLimit Sharing = Allowing with { FailurePolicy = FailurePolicy.Local };

    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _tasks = [];
    private readonly ConcurrentQueue<string> _failures = [];
    private readonly ConcurrentQueue<string> _lateCalls = [];
    private readonly ChaosPermits _permits = new();
    private readonly ChaosCounts _counts = new();
    private readonly ChaosReads _reads = new();
    private readonly ChaosRequests[] _requests;
    private readonly Latencies _calls = new();
    private readonly Latencies _machine = new();
    private long _operations;
    private volatile ChaosPhase _phase;

    private readonly bool _isKilled;

    /// <param name="nodes">Whom to call.</param>
    /// <param name="isKilled">Whether the process may be killed in the middle: what it holds then, only time gives back.</param>
    public ChaosLoad(IReadOnlyList<ResilientService> nodes, bool isKilled = false)
    {
        _isKilled = isKilled;
        _requests = [.. nodes.Select(node => new ChaosRequests(node))];
        _tasks.Add(Task.Run(KeepTimeAsync));
        _tasks.AddRange(
            nodes.Zip(_requests).SelectMany(node => Enumerable.Range(0, CallersPerNode).Select(
                caller => Task.Run(() => CallAsync(node.First, node.Second, caller)))));
    }

    public ChaosPhase Phase
    {
        get => _phase;
        set => _phase = value;
    }

    public async Task<ChaosReport> EndAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_tasks);
        return new ChaosReport
        {
            Operations = Interlocked.Read(ref _operations),
            Failures = [.. _failures],
            LateCalls = [.. _lateCalls],
            Undetected = ChaosTimeSpans.Of(_calls, ChaosPhase.Undetected),
            Detected = ChaosTimeSpans.Of(_calls, ChaosPhase.Detected),
            Recovered = ChaosTimeSpans.Of(_calls, ChaosPhase.Recovered),
            MachineLongest = Math.Max(0, _machine.Quantile(1, ChaosPhase.Undetected, ChaosPhase.Detected, ChaosPhase.Recovered) - 1),
            Admitted = _permits.Admitted,
            Leased = _permits.Leased,
            TooManyHolders = _permits.TooManyHolders,
            Given = _counts.Given,
            Unanswered = _counts.Unanswered,
            ApiCalls = _requests.Sum(requests => requests.Api.ScarceCalls),
            ApiCallsWhileClosed = _requests.Sum(requests => requests.Api.CallsWhileClosed),
            StaleReads = _reads.Source.StaleReads + _requests.Sum(requests => requests.Api.Quotes.StaleReads),
            SourceCalls = _reads.Source.Calls,
            SourceCallsAtOnce = _reads.Source.MostAtOnce,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        foreach (var requests in _requests)
        {
            await requests.DisposeAsync();
        }

        _end.Dispose();
    }

    private async Task CallAsync(ResilientService node, ChaosRequests requests, int caller)
    {
        for (var round = 0; !_end.IsCancellationRequested; round++)
        {
            var number = round + (caller * 7);
            await MeasureAsync(async () => await node.Limiter.AcquireAsync($"allow:{caller}", Allowing));
            await MeasureAsync(async () => await node.Limiter.AcquireAsync($"deny:{caller}", Denying));
            await MeasureAsync(async () => await node.Limiter.AcquireAsync($"local:{caller}", Sharing));
            await MeasureAsync(() => _permits.TakeLeasedAsync(node));
            await MeasureAsync(() => _counts.TakeAsync(node, number, _phase == ChaosPhase.Healthy));
            await MeasureAsync(() => _reads.ReadAsync(node, number));
            await MeasureAsync(() => _reads.ReadTaggedAsync(node, number));
            await MeasureAsync(() => requests.ReadAsync(number));
            if (round % 5 == caller)
            {
                await MeasureAsync(() => _reads.RemoveAsync(node, number));
                await MeasureAsync(() => _permits.TakeAsync(node));
                await MeasureAsync(() => _permits.HoldAsync(node));
                await MeasureAsync(() => requests.ChangeAsync(number));
                await MeasureAsync(requests.TakeAsync);
                await MeasureAsync(requests.AskAsync);
                await MeasureAsync(() => _isKilled ? Task.CompletedTask : ChaosPermits.KeepAsync(node));
            }

            if (round % 50 == caller)
            {
                await MeasureAsync(() => _reads.RemoveTagAsync(node, number));
            }

            // While Redis is away calls take microseconds: without a breath, the load would be all that this machine does.
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }
    }

    private async Task MeasureAsync(Func<Task> call, [CallerArgumentExpression(nameof(call))] string name = "")
    {
        var phase = _phase;
        var began = Stopwatch.GetTimestamp();
        try
        {
            await call();
        }
        catch (Exception exception)
        {
            _failures.Enqueue(exception.ToString());
        }

        var elapsed = Stopwatch.GetElapsedTime(began);
        phase = WithFault(phase);
        if (elapsed > ChaosRun.Deadline)
        {
            _lateCalls.Enqueue($"{phase}: {elapsed.TotalMilliseconds:0} ms for {name}");
        }

        _calls.Add(phase, elapsed.Ticks);
        Interlocked.Increment(ref _operations);
    }

    // What was under way when the fault came has met it.
    private ChaosPhase WithFault(ChaosPhase phase) => phase == ChaosPhase.Healthy && _phase != phase ? ChaosPhase.Undetected : phase;

    private async Task KeepTimeAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var phase = _phase;
            var began = Stopwatch.GetTimestamp();
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            _machine.Add(WithFault(phase), Stopwatch.GetElapsedTime(began).Ticks);
        }
    }
}
