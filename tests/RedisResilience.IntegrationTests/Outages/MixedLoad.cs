using System.Collections.Concurrent;
using System.Diagnostics;
using RedisResilience.Caching;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.Outages;

/// <summary>Callers that limit, read, fill and write without pause, and note how long each call took and what went wrong.</summary>
internal sealed class MixedLoad : IAsyncDisposable
{
    private const int Callers = 8;
    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _end = new();
    private readonly ResilientService _service;
    private readonly Task[] _callers;
    private readonly long[] _slowest = new long[Enum.GetValues<Phase>().Length];
    private long _operations;
    private volatile Phase _phase;

    public MixedLoad(ResilientService service)
    {
        _service = service;
        _callers = [.. Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(caller)))];
    }

    /// <summary>What goes on while a call begins.</summary>
    public enum Phase
    {
        Healthy,
        Undetected,
        Detected,
        Recovered,
    }

    public ConcurrentQueue<Exception> Failures { get; } = [];

    public long Operations => Interlocked.Read(ref _operations);

    public void Enter(Phase phase) => _phase = phase;

    /// <summary>The longest that a call has taken which began in a phase.</summary>
    public TimeSpan SlowestOf(Phase phase) => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _slowest[(int)phase]));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_callers);
        _end.Dispose();
    }

    private async Task CallAsync(int caller)
    {
        var limit = RateLimit.FixedWindow(1_000_000, TimeSpan.FromMinutes(1));
        var key = SharedServers.NewKey();
        for (var round = 0; !_end.IsCancellationRequested; round++)
        {
            await MeasureAsync(async () => await _service.Limiter.AcquireAsync($"{key}:{caller}", limit));
            await MeasureAsync(async () =>
            {
                using var response = await _service.Cache.GetOrCreateAsync(
                    $"{key}:{round % 50}", TimeToLive, round, static (_, _) => new ValueTask<ReadOnlyMemory<byte>?>(new byte[512]));
                if (response.Body.Length != 512)
                {
                    throw new InvalidOperationException($"A body of 512 bytes came back with {response.Body.Length}.");
                }
            });
            if (round % 10 == 0)
            {
                await MeasureAsync(async () => await _service.Cache.RemoveAsync($"{key}:{round % 50}"));
            }

            // While Redis is away calls take microseconds: without a breath, the load would be all that this machine does.
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
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

        Raise(ref _slowest[(int)phase], Stopwatch.GetTimestamp() - began);
        Interlocked.Increment(ref _operations);
    }

    private static void Raise(ref long slowest, long elapsed)
    {
        var known = Interlocked.Read(ref slowest);
        while (elapsed > known)
        {
            var seen = Interlocked.CompareExchange(ref slowest, elapsed, known);
            if (seen == known)
            {
                return;
            }

            known = seen;
        }
    }
}
