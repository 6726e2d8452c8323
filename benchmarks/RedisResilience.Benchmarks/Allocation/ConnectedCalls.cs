using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using RedisResilience.Benchmarks.Contenders;

namespace RedisResilience.Benchmarks.Allocation;

/// <summary>Calls that Redis answers, one in flight. Each invocation loops, so that the bytes are those of calls and not of starting to
/// call.</summary>
/// <remarks>Read the bytes here and not the times: one side runs after the other, and a shared machine is another one by then.</remarks>
[CategoriesColumn]
[HideColumns(Column.Ratio, Column.RatioSD)]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
public class ConnectedCalls
{
    private const int Calls = 500;

    private Workbench _bench = null!;
    private OurGet _ourGet = null!;
    private RawGet _rawGet = null!;
    private OurAcquire _ourAcquire = null!;
    private RawAcquire _rawAcquire = null!;

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _bench = await Workbench.SetUpAsync();
        var database = await _bench.ConnectAsync();
        (_ourGet, _rawGet) = (new(_bench.Cache), new(database));
        (_ourAcquire, _rawAcquire) = (new(_bench.Limiter), new(database));
    }

    [GlobalCleanup]
    public async Task CleanUpAsync() => await _bench.DisposeAsync();

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls), BenchmarkCategory("Hit")]
    public Task RawHit() => _rawGet.CallAsync(Calls);

    [Benchmark(OperationsPerInvoke = Calls), BenchmarkCategory("Hit")]
    public Task OurHit() => _ourGet.CallAsync(Calls);

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls), BenchmarkCategory("Acquire")]
    public Task RawScript() => _rawAcquire.CallAsync(Calls);

    [Benchmark(OperationsPerInvoke = Calls), BenchmarkCategory("Acquire")]
    public Task OurAcquire() => _ourAcquire.CallAsync(Calls);
}
