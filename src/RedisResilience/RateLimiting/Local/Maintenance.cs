using RedisResilience.RateLimiting.Local.Fallback;
using RedisResilience.RateLimiting.Local.Prefetch;

namespace RedisResilience.RateLimiting.Local;

/// <summary>
/// The one timer of local answers, for limits that need one. It reports that this process is alive, and gives back batches that are not
/// spent.
/// </summary>
internal sealed class Maintenance(
    NodeRegistry nodes, PrefetchedKeys prefetched, LocalFallback shares, TimeProvider timeProvider) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private volatile ITimer? _timer;
    private bool _isDisposed;
    private int _isBusy;
    private long _heardAt;

    /// <summary>Called with every use of a limit that needs it.</summary>
    public void Start()
    {
        if (_timer is null)
        {
            StartOnce();
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timer?.Dispose();
        }

        if (_timer is not null)
        {
            // All of it within one deadline: a shutdown must not hang on a Redis that does.
            var startedAt = timeProvider.GetTimestamp();
            await prefetched.ReturnAllAsync(startedAt).ConfigureAwait(false);
            await nodes.LeaveAsync(startedAt).ConfigureAwait(false);
        }
    }

    private void StartOnce()
    {
        lock (_lock)
        {
            if (_timer is null && !_isDisposed)
            {
                _heardAt = timeProvider.GetTimestamp() - timeProvider.ToTimestamps(NodeRegistry.BeatInterval);
                _timer = timeProvider.CreateTimer(static state => _ = ((Maintenance)state!).RunAsync(), this, TimeSpan.Zero, Interval);
            }
        }
    }

    private async Task RunAsync()
    {
        if (Interlocked.Exchange(ref _isBusy, 1) != 0)
        {
            return;
        }

        try
        {
            if (timeProvider.GetElapsedTime(_heardAt) >= NodeRegistry.BeatInterval && await nodes.BeatAsync().ConfigureAwait(false))
            {
                _heardAt = timeProvider.GetTimestamp();
            }

            // While Redis is away nothing can go back, and what is prefetched may be spent.
            if (nodes.Clock is not null)
            {
                await prefetched.ReturnIdleAsync().ConfigureAwait(false);
                await shares.RefreshAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }
}
