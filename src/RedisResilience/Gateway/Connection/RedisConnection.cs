using System.Diagnostics.CodeAnalysis;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Connection;

/// <summary>
/// The multiplexer in use. It is created in the background, however long that takes, and replaced when it cannot reach Redis.
/// </summary>
internal sealed class RedisConnection(IDialer dialer, TimeProvider timeProvider) : IRedisConnection, IAsyncDisposable
{
    // An attempt takes as long as the client's connect timeout; more of them at once would help nobody.
    private const int MaximumAttempts = 8;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(500);

    private readonly Throttle _refreshes = new(TimeSpan.FromMilliseconds(500), timeProvider);

    // A token is renewed minutes before it ends.
    private readonly Throttle _logins = new(TimeSpan.FromSeconds(10), timeProvider);
    private readonly Closing _closing = new(dialer, timeProvider);
    private IDatabase? _database;
    private int _attempts;
    private volatile bool _isCluster;
    private volatile bool _isDisposed;

    public event Action? Changed;

    public event Action? Lost;

    public IDatabase? Database => Volatile.Read(ref _database);

    public Fault Trouble => dialer.Trouble;

    public bool LogsInAnew => dialer.LogsInAnew;

    public bool IsShared => dialer.IsShared;

    public bool IsCluster => _isCluster;

    public IReadOnlyList<IList<SlotRange>> Shards =>
        _isCluster && Database is { } database ? ClusterTopology.ShardsOf(database.Multiplexer) : [];

    public bool IsConnected => Database?.Multiplexer.IsConnected ?? false;

    public int SlotOf(RedisKey key) => Database?.Multiplexer.GetHashSlot(key) ?? -1;

    /// <summary>Starts to connect. Costs the caller the hand-over to the pool.</summary>
    public void Start() => _ = Task.Run(ConnectAsync);

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "It is tried again.")]
    public async Task RenewAsync(Func<bool> isWanted)
    {
        var current = Database;
        if (Interlocked.Increment(ref _attempts) <= MaximumAttempts && !dialer.IsShared)
        {
            try
            {
                if (await dialer.DialAsync().ConfigureAwait(false) is { } multiplexer)
                {
                    await ReplaceAsync(current, multiplexer, multiplexer.IsConnected && isWanted()).ConfigureAwait(false);
                }
            }
            catch (Exception)
            {
                // As said.
            }
        }

        Interlocked.Decrement(ref _attempts);
    }

    public void Refresh()
    {
        if (_refreshes.TryPass() && Database is { } database)
        {
            _ = RefreshAsync(database);
        }
    }

    public void Follow()
    {
        if (dialer.HasDirectory)
        {
            Refresh();
        }

        if (dialer.LogsInAnew && _logins.TryPass() && Database is { } database)
        {
            _ = LogInAsync(database);
        }
    }

    /// <summary> Closes the connection. One that is still being made is closed later; a shutdown does not wait for it. </summary>
    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        await _closing.DisposeAsync().ConfigureAwait(false);
        if (Interlocked.Exchange(ref _database, null) is { } database)
        {
            await _closing.CloseAsync(database.Multiplexer).ConfigureAwait(false);
        }

        await dialer.DisposeAsync().ConfigureAwait(false);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "It is tried again.")]
    private async Task ConnectAsync()
    {
        while (!_isDisposed && Database is null)
        {
            try
            {
                // Once it exists, the client keeps trying by itself.
                if (await dialer.DialAsync().ConfigureAwait(false) is { } multiplexer)
                {
                    await ReplaceAsync(current: null, multiplexer, isGood: true).ConfigureAwait(false);
                    return;
                }
            }
            catch (Exception)
            {
                // As said.
            }

            Changed?.Invoke();
            await Task.Delay(RetryInterval * Random.Shared.NextDouble(), timeProvider).ConfigureAwait(false);
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "It is tried again.")]
    private async Task RefreshAsync(IDatabase current)
    {
        try
        {
            if (!dialer.HasDirectory)
            {
                await current.Multiplexer.ConfigureAsync().ConfigureAwait(false);
                Learn(current.Multiplexer);
            }
            else if (await dialer.FollowAsync(current.Multiplexer).ConfigureAwait(false) is { } other)
            {
                await ReplaceAsync(current, other, other.IsConnected).ConfigureAwait(false);
            }
        }
        catch (Exception)
        {
            // As above.
        }
    }

    /// <summary> Replaces the multiplexer, unless that has happened already or the new one does not work. Closes one of the two. </summary>
    private async Task ReplaceAsync(IDatabase? current, IConnectionMultiplexer multiplexer, bool isGood)
    {
        multiplexer.ConnectionFailed += (_, failure) => OnFailed(multiplexer, failure);
        multiplexer.ConnectionRestored += (_, _) => OnRestored(multiplexer);
        multiplexer.ConfigurationChanged += (_, _) => OnRestored(multiplexer);
        if (!isGood || _isDisposed || Interlocked.CompareExchange(ref _database, multiplexer.GetDatabase(), current) != current)
        {
            await _closing.CloseAsync(multiplexer).ConfigureAwait(false);
            return;
        }

        OnRestored(multiplexer);
        if (current is not null)
        {
            _ = _closing.CloseLaterAsync(current.Multiplexer);
        }

        if (_isDisposed)
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }

    // Nobody waits for this, and it is tried again. The old login may still do.
    private async Task LogInAsync(IDatabase current) =>
        await dialer.LogInAsync(current.Multiplexer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void OnRestored(IConnectionMultiplexer multiplexer)
    {
        if (ReferenceEquals(Database?.Multiplexer, multiplexer))
        {
            Learn(multiplexer);
            Changed?.Invoke();
        }
    }

    private void Learn(IConnectionMultiplexer multiplexer) =>
        _isCluster = _isCluster || ClusterTopology.IsCluster(multiplexer);

    private void OnFailed(IConnectionMultiplexer multiplexer, ConnectionFailedEventArgs failure)
    {
        if (failure.ConnectionType == ConnectionType.Interactive && ReferenceEquals(Database?.Multiplexer, multiplexer))
        {
            Lost?.Invoke();
        }
    }
}
