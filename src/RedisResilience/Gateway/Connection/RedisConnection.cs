using System.Diagnostics.CodeAnalysis;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Connection;

/// <summary>The one multiplexer: connected in the background, for as long as it takes, and told of by two events.</summary>
internal sealed class RedisConnection(ConfigurationOptions options, TimeProvider timeProvider) : IRedisConnection, IAsyncDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(1);

    private IDatabase? _database;
    private long _refreshedAt = long.MinValue;
    private volatile bool _isCluster;
    private volatile bool _isDisposed;

    public event Action? Changed;

    public event Action? Lost;

    public IDatabase? Database => Volatile.Read(ref _database);

    public bool IsCluster => _isCluster;

    public bool IsConnected => Database?.Multiplexer.IsConnected ?? false;

    /// <summary>Starts to connect. Costs the caller the hand-over to the pool.</summary>
    public void Start() => _ = Task.Run(ConnectAsync);

    public void Refresh()
    {
        var last = Interlocked.Read(ref _refreshedAt);
        var now = timeProvider.GetTimestamp();
        if ((last == long.MinValue || timeProvider.GetElapsedTime(last, now) >= RefreshInterval)
            && Interlocked.CompareExchange(ref _refreshedAt, now, last) == last && Database is { } database)
        {
            _ = RefreshAsync(database.Multiplexer);
        }
    }

    /// <summary>Closes the connection. One that is still being made is closed when it is there: a shutdown does not wait for a silent address.</summary>
    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        if (Interlocked.Exchange(ref _database, null) is { } database)
        {
            await database.Multiplexer.DisposeAsync().ConfigureAwait(false);
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "In the background, where nobody else would hear of it: whatever went wrong, it is tried again.")]
    private async Task ConnectAsync()
    {
        while (!_isDisposed)
        {
            try
            {
                var multiplexer = await ConnectionMultiplexer.ConnectAsync(options).ConfigureAwait(false);
                multiplexer.ConnectionFailed += (_, failure) => OnFailed(failure);
                multiplexer.ConnectionRestored += (_, _) => OnRestored(multiplexer);
                multiplexer.ConfigurationChanged += (_, _) => OnRestored(multiplexer);
                Learn(multiplexer);
                Volatile.Write(ref _database, multiplexer.GetDatabase());
                break;
            }
            catch (Exception)
            {
                // The client keeps trying by itself once it exists; only its making can fail here, and that is tried again too.
                await Task.Delay(RetryInterval * Random.Shared.NextDouble(), timeProvider).ConfigureAwait(false);
            }
        }

        if (_isDisposed)
        {
            await DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            Changed?.Invoke();
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Nobody waits for this, and the next call that is refused asks again.")]
    private async Task RefreshAsync(IConnectionMultiplexer multiplexer)
    {
        try
        {
            await multiplexer.ConfigureAsync().ConfigureAwait(false);
            Learn(multiplexer);
        }
        catch (Exception)
        {
            // As above.
        }
    }

    private void OnRestored(ConnectionMultiplexer multiplexer)
    {
        Learn(multiplexer);
        Changed?.Invoke();
    }

    private void Learn(IConnectionMultiplexer multiplexer) =>
        _isCluster = _isCluster || multiplexer.GetServers().Any(server => server.ServerType == ServerType.Cluster);

    private void OnFailed(ConnectionFailedEventArgs failure)
    {
        if (failure.ConnectionType == ConnectionType.Interactive)
        {
            Lost?.Invoke();
        }
    }
}
