using System.Diagnostics;

namespace RedisResilience.Benchmarks.Outages;

/// <summary>Calls without end, and how long those took that ended in a span of time.</summary>
internal sealed class OutageCalls(IRival rival)
{
    private static readonly byte[] Body = new byte[1024];

    private readonly Lock _lock = new();
    private readonly HashSet<Call> _underWay = [];
    private OutageSample _sample = new([], 0);
    private volatile bool _isOver;
    private long _next;

    public void End() => _isOver = true;

    /// <summary>A call that is still under way at the end of the span counts with what it has taken so far: to hang is not to be
    /// fast.</summary>
    public async Task<OutageSample> CollectAsync(Func<Task> meanwhile)
    {
        lock (_lock)
        {
            _sample = new OutageSample([], 0);
        }

        await meanwhile();
        lock (_lock)
        {
            return new OutageSample(
                [.. _sample.Milliseconds.Concat(_underWay.Select(call => call.Milliseconds)).Order()], _sample.Failures);
        }
    }

    public async Task RunAsync()
    {
        while (!_isOver)
        {
            var call = new Call(Stopwatch.GetTimestamp());
            lock (_lock)
            {
                _underWay.Add(call);
            }

            End(call, await FailsAsync() ? 1 : 0);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    private async Task<bool> FailsAsync()
    {
        try
        {
            await rival.GetOrCreateAsync($"key{Interlocked.Increment(ref _next)}", static () => Body);
            return false;
        }
        catch (Exception)
        {
            return true;
        }
    }

    private void End(Call call, int failures)
    {
        lock (_lock)
        {
            _underWay.Remove(call);
            _sample.Milliseconds.Add(call.Milliseconds);
            _sample = _sample with { Failures = _sample.Failures + failures };
        }
    }

    private sealed class Call(long began)
    {
        public double Milliseconds => Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
