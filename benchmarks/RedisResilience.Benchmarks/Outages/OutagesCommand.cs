using System.Diagnostics;

namespace RedisResilience.Benchmarks.Outages;

/// <summary><c>outages</c>: what callers of each cache feel while Redis is broken in ten ways. Every read is of a new key: one that no memory has yet.</summary>
internal static class OutagesCommand
{
    private const int Callers = 8;
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Fault = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(2);

    public static async Task RunAsync()
    {
        Console.WriteLine($"{Callers} callers, each a new key every 5 ms, a source that answers at once; {Fault.TotalSeconds:0} s of fault. Milliseconds; failures are exceptions or 500s.");
        Console.WriteLine();
        Console.WriteLine("| fault | cache | reads during | failures | p50 | p99 | max | reads after | failures after | max after |");
        Console.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var kind in Enum.GetValues<OutageKind>())
        {
            foreach (var rival in Enum.GetValues<RivalKind>())
            {
                await ReportAsync(kind, rival);
            }
        }
    }

    private static async Task ReportAsync(OutageKind kind, RivalKind name)
    {
        await using var scene = new OutageScene(kind);
        await using var rival = Create(name, scene.ConnectionString);
        if (kind != OutageKind.AbsentAtStart || name == RivalKind.OutputCaching)
        {
            await rival.WaitUntilReadyAsync();
        }

        var calls = new OutageCalls(rival);
        var callers = Enumerable.Range(0, Callers).Select(_ => Task.Run(calls.RunAsync)).ToArray();
        await Task.Delay(kind == OutageKind.AbsentAtStart ? TimeSpan.Zero : Healthy, TimeProvider.System);
        var during = await calls.CollectAsync(async () =>
        {
            scene.Begin();
            await Task.Delay(Fault, TimeProvider.System);
        });
        await scene.LiftAsync();
        var after = await calls.CollectAsync(() => Task.Delay(After, TimeProvider.System));
        calls.End();
        await Task.WhenAll(callers);
        Console.WriteLine(
            $"| {kind} | {name} | {during.Count} | {during.Failures} | {during.Quantile(0.5):F2} | {during.Quantile(0.99):F1} | {during.Quantile(1):F0} " +
            $"| {after.Count} | {after.Failures} | {after.Quantile(1):F0} |");
    }

    private static IRival Create(RivalKind name, string connectionString) => name switch
    {
        RivalKind.HybridCache => new HybridRival(connectionString),
        RivalKind.FusionCache => new FusionRival(connectionString, isTuned: false),
        RivalKind.FusionCacheTuned => new FusionRival(connectionString, isTuned: true),
        RivalKind.OutputCaching => new OutputCachingRival(connectionString),
        _ => new OurRival(connectionString),
    };

    /// <summary>Calls without end, and what those took that began in a span of time.</summary>
    private sealed class OutageCalls(IRival rival)
    {
        private static readonly byte[] Body = new byte[1024];

        private volatile Sample _sample = new();
        private volatile bool _isOver;
        private long _next;

        public void End() => _isOver = true;

        public async Task<Sample> CollectAsync(Func<Task> meanwhile)
        {
            _sample = new Sample();
            await meanwhile();
            return Interlocked.Exchange(ref _sample!, new Sample()).Ended();
        }

        public async Task RunAsync()
        {
            while (!_isOver)
            {
                var sample = _sample;
                var call = sample.Begin();
                var isFailed = false;
                try
                {
                    await rival.GetOrCreateAsync($"key{Interlocked.Increment(ref _next)}", static () => Body);
                }
                catch (Exception)
                {
                    isFailed = true;
                }

                sample.End(call, isFailed);
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            }
        }
    }

    /// <summary>A call that is still under way when the sample ends counts with what it has taken so far.</summary>
    private sealed class Sample
    {
        private readonly Lock _lock = new();
        private readonly HashSet<long> _underWay = [];
        private readonly List<double> _milliseconds = [];
        private long _marks;
        private bool _isEnded;

        public int Failures { get; private set; }

        public int Count => _milliseconds.Count;

        public long Begin()
        {
            lock (_lock)
            {
                // Two calls may begin at the same tick.
                _marks = Math.Max(_marks + 1, Stopwatch.GetTimestamp());
                _underWay.Add(_marks);
                return _marks;
            }
        }

        public void End(long mark, bool isFailed)
        {
            lock (_lock)
            {
                if (!_isEnded && _underWay.Remove(mark))
                {
                    _milliseconds.Add(Stopwatch.GetElapsedTime(mark).TotalMilliseconds);
                    Failures += isFailed ? 1 : 0;
                }
            }
        }

        public Sample Ended()
        {
            lock (_lock)
            {
                _isEnded = true;
                _milliseconds.AddRange(_underWay.Select(mark => Stopwatch.GetElapsedTime(mark).TotalMilliseconds));
                _milliseconds.Sort();
                return this;
            }
        }

        public double Quantile(double share) => _milliseconds.Count == 0 ? 0 : _milliseconds[(int)((_milliseconds.Count - 1) * share)];
    }
}
