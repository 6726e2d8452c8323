using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using RedisResilience.Benchmarks.Contenders;

namespace RedisResilience.Benchmarks.Allocation;

/// <summary>The calls of <see cref="ConnectedCalls"/> while somebody listens to every instrument, and in the second half to the spans,
/// too.</summary>
[SuppressMessage(
    "Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "The runner calls the clean-up.")]
public class ListenedCalls
{
    private const int Calls = 500;

    private Workbench _bench = null!;
    private OurGet _get = null!;
    private OurAcquire _acquire = null!;
    private SilentListener _meters = null!;
    private ActivityListener? _spans;

    /// <summary>Whether spans are made.</summary>
    [Params(false, true)]
    public bool WithSpans { get; set; }

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _bench = await Workbench.SetUpAsync();
        (_get, _acquire) = (new(_bench.Cache), new(_bench.Limiter));
        _meters = new SilentListener();
        if (WithSpans)
        {
            _spans = new ActivityListener
            {
                ShouldListenTo = static source => source.Name == "RedisResilience",
                Sample = static (ref _) => ActivitySamplingResult.AllData
            };
            ActivitySource.AddActivityListener(_spans);
        }
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        _spans?.Dispose();
        _meters.Dispose();
        await _bench.DisposeAsync();
    }

    [Benchmark(OperationsPerInvoke = Calls)]
    public Task Hit() => _get.CallAsync(Calls);

    [Benchmark(OperationsPerInvoke = Calls)]
    public Task Acquire() => _acquire.CallAsync(Calls);
}
