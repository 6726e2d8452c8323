using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway.Connection;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Invalidations;

/// <summary>
/// Notifies a listener of changes in Redis, in the best way that the server and the connection offer, and of times when it cannot.
/// </summary>
/// <remarks>When any of its connections is lost, it tells the listener to drop its copies until everything is set up again.</remarks>
internal sealed class InvalidationFeed
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(250);

    private readonly IRedisConnection _connection;
    private readonly IInvalidationListener _listener;
    private readonly ServerTracking _tracking;
    private readonly ProcessMessages _messages;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private IConnectionMultiplexer? _watched;
    private Task _work = Task.CompletedTask;
    private long _losses;
    private int _mode = (int)LocalTierMode.Suspended;
    private LocalTierMode _logged = LocalTierMode.Suspended;

    public InvalidationFeed(
        IRedisConnection connection, string keyPrefix, IEnumerable<string> prefixes, IInvalidationListener listener,
        TimeProvider timeProvider, ILogger logger)
    {
        _connection = connection;
        _listener = listener;
        _timeProvider = timeProvider;
        _logger = logger;
        _tracking = new ServerTracking(keyPrefix, prefixes, listener);
        _messages = new ProcessMessages(keyPrefix, listener);
        connection.Changed += Establish;
        connection.Lost += OnLost;
        Establish();
    }

    public LocalTierMode Mode => (LocalTierMode)Volatile.Read(ref _mode);

    /// <summary>
    /// Notifies the other processes of a change, even if the server notifies this one, because the server may not notify the others, for
    /// example when their Redis user lacks the right.
    /// </summary>
    public void Publish(string key)
    {
        if (_connection.Database is { } database)
        {
            _messages.Publish(database, key);
        }
    }

    private void OnLost()
    {
        Interlocked.Increment(ref _losses);
        Suspend();
    }

    private void Suspend()
    {
        Volatile.Write(ref _mode, (int)LocalTierMode.Suspended);
        _listener.Distrust();
    }

    private void Establish()
    {
        lock (_lock)
        {
            _work = EstablishAsync(_work);
        }
    }

    private async Task EstablishAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        while (Mode != LocalTierMode.TimeToLiveAlone && _connection.Database is { Multiplexer.IsConnected: true } database)
        {
            Watch(database.Multiplexer);

            // While it is being set up, possibly anew, nothing is told.
            Suspend();
            var losses = Interlocked.Read(ref _losses);
            if (await FindModeAsync(database).ConfigureAwait(false) is { } mode)
            {
                Begin(mode, losses);
                return;
            }

            // The connection that subscribes is not there yet. When it comes, this is called; when it only was slow, nobody calls.
            await Task.Delay(RetryInterval, _timeProvider).ConfigureAwait(false);
        }
    }

    private void Begin(LocalTierMode mode, long losses)
    {
        _listener.Trust(mode);
        Volatile.Write(ref _mode, (int)mode);
        if (Interlocked.Read(ref _losses) != losses)
        {
            // Lost again meanwhile: whoever restores it begins anew.
            Suspend();
        }
        else if (_logged != mode)
        {
            _logged = mode;
            Log.LocalTier(_logger, mode.Describe());
        }
    }

    // The connection that subscribes is one of its own: losing it loses the news, while commands go on.
    private void Watch(IConnectionMultiplexer multiplexer)
    {
        if (!ReferenceEquals(_watched, multiplexer))
        {
            _watched = multiplexer;
            multiplexer.ConnectionFailed += (_, failure) => Unless(IsOfNoUse(failure), OnLost);
            multiplexer.ConnectionRestored += (_, restored) => Unless(IsOfNoUse(restored), Establish);
        }
    }

    // A connection on which nothing can be subscribed to may come and go: the client keeps trying.
    private bool IsOfNoUse(ConnectionFailedEventArgs connection) =>
        connection.ConnectionType == ConnectionType.Subscription && Mode == LocalTierMode.TimeToLiveAlone;

    private static void Unless(bool condition, Action action)
    {
        if (!condition)
        {
            action();
        }
    }

    /// <summary>The best mode that works. Null when it is not known yet.</summary>
    private async Task<LocalTierMode?> FindModeAsync(IDatabase database)
    {
        // Each node of a cluster would have to be tracked by a connection of its own. A connection of the application's is not changed:
        // what it writes itself would not be told, and over RESP3 the client passes on nothing.
        var tracking = !_connection.IsShared && database.Multiplexer.GetEndPoints().Length == 1
            ? await TryAsync(_tracking.StartAsync(database)).ConfigureAwait(false)
            : false;
        if (tracking != false)
        {
            return tracking is null ? null : LocalTierMode.Tracking;
        }

        return await TryAsync(_messages.StartAsync(database)).ConfigureAwait(false) switch
        {
            true => LocalTierMode.Messages,
            false => LocalTierMode.TimeToLiveAlone,
            null => null,
        };
    }

    /// <summary>True: it works. False: it is not offered. Null: there was no connection for it, or no answer.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever is wrong with one way, the next "
        + "is tried, and the last needs nothing.")]
    private static async Task<bool?> TryAsync(Task start)
    {
        try
        {
            await start.ConfigureAwait(false);
            return true;
        }
        catch (Exception exception)
        {
            return exception is RedisConnectionException or TimeoutException or ObjectDisposedException ? null : false;
        }
    }
}
