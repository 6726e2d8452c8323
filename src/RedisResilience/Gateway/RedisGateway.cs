using Microsoft.Extensions.Logging;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway.Calls;
using RedisResilience.Gateway.Commands;
using RedisResilience.Gateway.Connection;
using RedisResilience.Gateway.Health;
using RedisResilience.Gateway.Invalidations;
using RedisResilience.Gateway.Recovery;
using StackExchange.Redis;

namespace RedisResilience.Gateway;

/// <summary>Connection, deadline and breaker, put together: commands go out while the circuit is closed, and nobody waits longer than the deadline.</summary>
internal sealed class RedisGateway : RedisCommands, IRedisRecovery, IInvalidationPublisher, IRedisStatus, IAsyncDisposable, IDisposable
{
    private readonly RedisConnection _connection;
    private readonly CommandSender _sender;
    private readonly HealthMonitor _health;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private InvalidationFeed? _invalidations;

    public RedisGateway(ConfigurationOptions configuration, RedisResilienceOptions options, TimeProvider timeProvider, ILogger logger)
        : base(options.KeyPrefix)
    {
        _timeProvider = timeProvider;
        _logger = logger;
        var hasLocalTier = options.LocalTier.KeyPrefixes.Count > 0;
        var settings = ClientSettings.Harden(configuration, options.MaximumCommandDeadline, hasLocalTier);
        var sentinels = string.IsNullOrEmpty(configuration.ServiceName) ? null : new SentinelDirectory(configuration);
        _connection = new RedisConnection(new Dialer(settings, sentinels, namesEach: hasLocalTier), timeProvider);
        _sender = new CommandSender(_connection, timeProvider);
        _health = new HealthMonitor(_sender, _connection, new GatewayJournal(logger, configuration.EndPoints), options, timeProvider);
        CircuitMetrics.Watch(this, EndPointCollection.ToString(configuration.EndPoints[0]));
        _connection.Start();
    }

    public RedisStatus Current
    {
        get
        {
            var reason = _health.Breaker.Reason;
            return new RedisStatus
            {
                Availability = _health.Breaker.IsClosed ? RedisAvailability.Available
                    : reason == Fault.None ? RedisAvailability.Connecting
                    : RedisAvailability.Unavailable,
                Reason = reason == Fault.None ? null : reason.Describe(),
                RoundTrip = _health.Deadline.RoundTrip,
                CommandDeadline = _health.Deadline.Current,
                IsFar = _health.Deadline.IsFar,
                ShardsAway = _health.ShardsAway,
                LocalTier = _invalidations?.Mode ?? LocalTierMode.Off,
            };
        }
    }

    public override bool IsAway => !_health.Breaker.IsClosed;

    public long Generation => _health.Breaker.Generation;

    public void Add(IRecoveryStep step) => _health.Recovery.Add(step);

    public void Listen(IInvalidationListener listener, IReadOnlyList<string> prefixes) =>
        _invalidations = new InvalidationFeed(_connection, KeyPrefix, prefixes, listener, _timeProvider, _logger);

    public void Publish(string key) => _invalidations?.Publish(key);

    public override IRedisGateway Since(long startedAt) => new RequestGateway(this, startedAt);

    public Task WaitUntilAvailableAsync(CancellationToken cancellationToken) => _health.Breaker.WaitUntilClosedAsync().WaitAsync(cancellationToken);

    // For containers that are disposed synchronously. Closing waits for no server; should it do so all the same, then for no longer than calls do.
    public void Dispose() => DisposeAsync().AsTask().Wait(2 * _health.Deadline.Maximum);

    public async ValueTask DisposeAsync()
    {
        CircuitMetrics.Forget(this);
        var wasInUse = _health.Breaker.IsClosed;
        _health.Dispose();
        if (wasInUse)
        {
            // What was sent last, such as an entry that others wait for, is not lost with the connection.
            await _sender.WhenEndedAsync().WaitAsync(_health.Deadline.Current, _timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _connection.DisposeAsync().ConfigureAwait(false);
        _sender.Dispose();
    }

    /// <summary>Sends a command for a request that has been under way for some time.</summary>
    public ValueTask<Answer<TValue>> ExecuteAsync<TCommand, TReply, TValue>(TCommand command, long startedAt, CancellationToken cancellationToken)
        where TCommand : struct, IRedisCommand<TReply, TValue>
    {
        var rest = _health.Deadline.Current - _timeProvider.GetElapsedTime(startedAt);
        return rest > TimeSpan.Zero
            ? ExecuteAsync<TCommand, TReply, TValue>(command, rest, isHurried: true, cancellationToken)
            : new ValueTask<Answer<TValue>>(new Answer<TValue>(Fault.RequestTimeSpent));
    }

    protected override ValueTask<Answer<TValue>> ExecuteAsync<TCommand, TReply, TValue>(TCommand command, CancellationToken cancellationToken) =>
        ExecuteAsync<TCommand, TReply, TValue>(command, _health.Deadline.Current, isHurried: false, cancellationToken);

    private ValueTask<Answer<TValue>> ExecuteAsync<TCommand, TReply, TValue>(
        TCommand command, TimeSpan deadline, bool isHurried, CancellationToken cancellationToken)
        where TCommand : struct, IRedisCommand<TReply, TValue>
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Answer<TValue>>(cancellationToken);
        }

        return _health.Admit(command.Key, isHurried) is { } observer
            ? _sender.SendAsync<TCommand, TReply, TValue>(command, deadline, observer, cancellationToken)
            : new ValueTask<Answer<TValue>>(new Answer<TValue>(Fault.CircuitOpen));
    }
}
