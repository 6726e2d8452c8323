using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using RedisResilience.Caching;
using RedisResilience.RateLimiting;

namespace RedisResilience.Benchmarks.Allocation;

/// <summary>Calls after a Redis that was in use has been killed and that has been noticed, while the client and the probe keep trying in
/// the background.</summary>
[SuppressMessage(
    "Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "The runner calls the clean-up.")]
public class DownCalls
{
    private Workbench _bench = null!;
    private IRateLimiter _limiter = null!;
    private IResponseCache _cache = null!;
    private SilentListener? _listener;

    /// <summary>Whether somebody listens to every instrument.</summary>
    [Params(false, true)]
    public bool IsListenedTo { get; set; }

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _bench = await Workbench.SetUpAsync();
        (_limiter, _cache) = (_bench.Limiter, _bench.Cache);
        await _bench.KillServerAsync();
        _listener = IsListenedTo ? new SilentListener() : null;
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        _listener?.Dispose();
        await _bench.DisposeAsync();
    }

    [Benchmark]
    public ValueTask<RateLimitDecision> Acquire() => _limiter.AcquireAsync(Workbench.LimiterKey, Workbench.Limit);

    [Benchmark]
    public ValueTask<CachedResponse> Get() => _cache.GetAsync(Workbench.CacheKey);
}
