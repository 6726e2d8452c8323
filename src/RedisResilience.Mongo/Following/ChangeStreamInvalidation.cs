using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using RedisResilience.Diagnostics;
using RedisResilience.RateLimiting;

namespace RedisResilience.Mongo.Following;

/// <summary>
/// Runs one watcher for the deployment: the process that holds the lease follows the changes, and the others stand by. If a lease was lost
/// without notice, two watchers may run at once, which does no harm, because their work can be done twice. After any failure it tries
/// again, and the host keeps running.
/// </summary>
internal sealed class ChangeStreamInvalidation(
    ChangeFollower follower,
    StartingPoint start,
    WatcherPresence presence,
    IRateLimiter limiter,
    IRedisStatus redis,
    TimeProvider time,
    string name,
    WatcherLog log)
    : BackgroundService
{
    private const int MostFailuresAtOnePlace = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // A crashed watcher is replaced after this and one pause.
    private static readonly Concurrency OneWatcher = RateLimit.Concurrency(1, TimeSpan.FromSeconds(3));

    private readonly string _leaseKey = $"changestream:{name}";
    private int _failuresAtOnePlace;

    [SuppressMessage(
        "Design",
        "CA1031:Do not catch general exception types",
        Justification = "Without the watcher entries would be stale, and its end would end the host.")]
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (redis.Current.Availability == RedisAvailability.NotConfigured)
        {
            return;
        }

        // The host waits for the first await, and MongoDB may be far away.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await redis.WaitUntilAvailableAsync(stoppingToken).ConfigureAwait(false);
                await WatchIfChosenAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                log.Fails(failure);
            }
            catch (Exception)
            {
                return;
            }

            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WatchIfChosenAsync(CancellationToken stoppingToken)
    {
        var decision = await limiter.AcquireAsync(_leaseKey, OneWatcher, cancellationToken: stoppingToken).ConfigureAwait(false);

        // A Redis that knows no scripts counts no leases: then each process watches for itself.
        if (!decision.IsAllowed)
        {
            return;
        }

        using var lease = decision.Lease;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lease?.Lost ?? CancellationToken.None);
        try
        {
            while (true)
            {
                await FollowAsync(either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested && !stoppingToken.IsCancellationRequested)
        {
            // The lease is lost: somebody else may have it.
        }
        finally
        {
            if (stoppingToken.IsCancellationRequested)
            {
                await presence.WithdrawAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        try
        {
            await follower.FollowAsync(cancellationToken).ConfigureAwait(false);
            _failuresAtOnePlace = 0;
        }
        catch (Exception lost) when (ChangeStreamErrors.IsPlaceLost(lost) || IsStuck(lost, cancellationToken))
        {
            log.HistoryLost();
            RedisAwayException.ThrowUnless(await start.LoseAsync(cancellationToken).ConfigureAwait(false));
        }
    }

    // What is neither MongoDB's nor Redis' failure is in what was read, and would be read again and again.
    private bool IsStuck(Exception failure, CancellationToken cancellationToken)
    {
        var isOfContent = failure is not (MongoException or TimeoutException or RedisAwayException)
            && !cancellationToken.IsCancellationRequested;
        _failuresAtOnePlace = isOfContent ? _failuresAtOnePlace + 1 : 0;
        return _failuresAtOnePlace >= MostFailuresAtOnePlace;
    }
}
