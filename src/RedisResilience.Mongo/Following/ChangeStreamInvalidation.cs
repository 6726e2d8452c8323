using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Driver;
using RedisResilience.Diagnostics;
using RedisResilience.RateLimiting;

namespace RedisResilience.Mongo.Following;

/// <summary>
/// One watcher for the deployment: whoever holds the lease follows the changes, and the others stand by. Two at once, after a lease was lost unnoticed,
/// do no harm: what they do can be done twice.
/// </summary>
internal sealed class ChangeStreamInvalidation(
    ChangeFollower follower, StartingPoint start, WatcherPresence presence, IRateLimiter limiter, IRedisStatus redis, TimeProvider time, string name, ILogger logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // A crashed watcher is replaced after this and one pause.
    private static readonly Concurrency OneWatcher = RateLimit.Concurrency(1, TimeSpan.FromSeconds(3));

    private readonly string _leaseKey = $"changestream:{name}";
    private bool _saidUnsupported;
    private bool _saidInterrupted;

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
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
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
        catch (Exception failure) when (failure is MongoException or TimeoutException or RedisAwayException)
        {
            Say(failure);
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
            _saidInterrupted = false;
        }
        catch (MongoCommandException lost) when (ChangeStreamErrors.IsPlaceLost(lost))
        {
            Log.HistoryLost(logger, name);

            RedisAwayException.ThrowUnless(await start.LoseAsync(cancellationToken).ConfigureAwait(false));
        }
    }

    private void Say(Exception failure)
    {
        if (ChangeStreamErrors.IsUnsupported(failure))
        {
            if (!_saidUnsupported)
            {
                Log.ChangesUnsupported(logger, name);
            }

            _saidUnsupported = true;
        }
        else if (!_saidInterrupted)
        {
            Log.Interrupted(logger, name, failure);
            _saidInterrupted = true;
        }
    }
}
