using System.Net;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Connection;

/// <summary>Asks the sentinels for the address of the primary.</summary>
/// <remarks>
/// It uses the client's asynchronous commands, over one connection to each sentinel. The client's own support for sentinels blocks threads
/// of the pool, which stops the whole process for seconds when a primary fails (decision 43).
/// </remarks>
internal sealed class SentinelDirectory : IAsyncDisposable
{
    private const int DefaultPort = 26379;

    // All that is said to a sentinel, so that one connection is enough.
    private static readonly HashSet<string> Commands = ["SENTINEL", "PING", "INFO", "HELLO", "AUTH", "CLIENT"];

    private readonly ConfigurationOptions _options;
    private readonly string _name;
    private readonly Lock _lock = new();
    private Task<ConnectionMultiplexer>? _connection;
    private bool _isDisposed;
    private int _trouble = (int)Fault.SentinelsAway;

    /// <param name="options">Names the sentinels and the service.</param>
    public SentinelDirectory(ConfigurationOptions options)
    {
        _name = options.ServiceName!;
        _options = options.Clone();
        _options.Ssl = options.Ssl;
        _options.ServiceName = null;
        (_options.User, _options.Password) = (options.SentinelUser, options.SentinelPassword);
        _options.DefaultDatabase = null;
        _options.CommandMap = CommandMap.Create(Commands, available: true);
        (_options.TieBreaker, _options.ConfigurationChannel) = ("", "");
        (_options.AbortOnConnectFail, _options.BacklogPolicy) = (false, BacklogPolicy.FailFast);
        _options.EndPoints.Clear();
        foreach (var sentinel in options.EndPoints)
        {
            _options.EndPoints.Add(WithPort(sentinel));
        }
    }

    /// <summary>Why the primary is not known.</summary>
    public Fault Trouble => (Fault)Volatile.Read(ref _trouble);

    /// <summary>The primary by the first sentinel that answers. Null when none does.</summary>
    public async Task<EndPoint?> FindPrimaryAsync()
    {
        var sentinels = (await ConnectAsync().ConfigureAwait(false)).GetServers();
        var asked = sentinels.Select(AskAsync).ToList();
        while (asked.Count > 0)
        {
            var answered = await Task.WhenAny(asked).ConfigureAwait(false);
            if (await answered.ConfigureAwait(false) is { } primary)
            {
                return primary;
            }

            asked.Remove(answered);
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        Task<ConnectionMultiplexer>? connection;
        lock (_lock)
        {
            (connection, _connection, _isDisposed) = (_connection, null, true);
        }

        if (connection is { IsCompleted: false })
        {
            // Nobody waits for an attempt that is still under way; what comes of it is closed.
            _ = CloseAsync(connection);
        }
        else if (connection is not null)
        {
            await CloseAsync(connection).ConfigureAwait(false);
        }
    }

    /// <summary>The connection to the sentinels. If connecting fails, the next caller tries again.</summary>
    private Task<ConnectionMultiplexer> ConnectAsync()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _connection = _connection is null or { IsFaulted: true } or { IsCanceled: true }
                ? ConnectionMultiplexer.ConnectAsync(_options) : _connection;
        }
    }

    private static async Task CloseAsync(Task<ConnectionMultiplexer> connection)
    {
        await ((Task)connection).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (connection.IsCompletedSuccessfully)
        {
            await (await connection.ConfigureAwait(false)).CloseAsync(allowCommandsToComplete: false).ConfigureAwait(false);
        }
    }

    private async Task<EndPoint?> AskAsync(IServer sentinel)
    {
        try
        {
            var primary = await sentinel.SentinelGetMasterAddressByNameAsync(_name).ConfigureAwait(false);
            Volatile.Write(ref _trouble, (int)Fault.PrimaryUnknown);
            return primary;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            var fault = FaultClassifier.Classify(exception);
            Volatile.Write(ref _trouble, (int)(
                fault is Fault.AuthenticationFailed or Fault.NotPermitted ? Fault.SentinelAuthenticationFailed : Fault.SentinelsAway));

            // Another one may know.
            return null;
        }
    }

    private static EndPoint WithPort(EndPoint sentinel) => sentinel switch
    {
        DnsEndPoint { Port: 0 } named => new DnsEndPoint(named.Host, DefaultPort),
        IPEndPoint { Port: 0 } numbered => new IPEndPoint(numbered.Address, DefaultPort),
        _ => sentinel,
    };
}
