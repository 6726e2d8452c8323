using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Benchmarks.Scale;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using RedisResilience.RateLimiting;

namespace RedisResilience.Benchmarks.Allocation;

/// <summary>Calls for keys of one shard of a cluster, which was killed, after that has been noticed; the other shard serves on.</summary>
[SuppressMessage(
    "Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "The runner calls the clean-up.")]
public class ShardDownCalls
{
    private Shards _servers = null!;
    private ServiceProvider _services = null!;
    private IRateLimiter _limiter = null!;
    private IResponseCache _cache = null!;
    private SilentListener? _listener;
    private string _key = "";

    /// <summary>Whether somebody listens to every instrument.</summary>
    [Params(false, true)]
    public bool IsListenedTo { get; set; }

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _servers = await Shards.StartAsync(2);
        _services = new ServiceCollection().AddRedisResilience(_servers.ConnectionString).Services.BuildServiceProvider();
        (_limiter, _cache) = (_services.GetRequiredService<IRateLimiter>(), _services.GetRequiredService<IResponseCache>());
        await _services.GetRequiredService<IRedisStatus>().WaitUntilAvailableAsync();
        _servers.KillFirst();
        while (!TryFindKey())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        _listener = IsListenedTo ? new SilentListener() : null;
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        _listener?.Dispose();
        await _services.DisposeAsync();
        _servers.Dispose();
    }

    [Benchmark]
    public ValueTask<RateLimitDecision> Acquire() => _limiter.AcquireAsync(_key, Workbench.Limit);

    [Benchmark]
    public ValueTask<CachedResponse> Get() => _cache.GetAsync(_key);

    // What is not sent is answered at once, for a decision as for a read: the key is a hash tag, the same for both.
    private bool TryFindKey()
    {
        for (var number = 0; number < 100; number++)
        {
            _key = $"{{{number}}}";
            var (decision, read) = (Acquire().AsTask(), Get().AsTask());
            var isAtOnce = decision.IsCompletedSuccessfully && read.IsCompletedSuccessfully;
            if (isAtOnce)
            {
                return _services.GetRequiredService<IRedisStatus>().Current.Availability == RedisAvailability.Available;
            }
        }

        return false;
    }
}
