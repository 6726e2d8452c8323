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

/// <summary>
/// Combines connection, deadline and circuit breaker: it sends commands while the circuit is closed, and no caller waits longer than the
/// deadline.
/// </summary>
internal sealed class RedisGateway : RedisCommands, IRedisRecovery, IInvalidationPublisher, IRedisStatus, IAsyncDisposable, IDisposable
{
    private readonly IDialer _dialer;
    private readonly RedisConnection _connection;
    private readonly CommandSender _sender;
    private readonly HealthMonitor _health;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private InvalidationFeed? _invalidations;

    public RedisGateway(
        ConfigurationOptions configuration, RedisResilienceOptions options, TimeProvider timeProvider, ILogger logger, string? name = null)
        : this(new Dialer(configuration, options, name), options, timeProvider, logger)
    {
    }

    public RedisGateway(IDialer dialer, RedisResilienceOptions options, TimeProvider timeProvider, ILogger logger)
        : base(options.KeyPrefix)
    {
        _dialer = dialer;
        _timeProvider = timeProvider;
        _logger = logger;
        _connection = new RedisConnection(dialer, timeProvider);
        _sender = new CommandSender(_connection, timeProvider);
        _health = new HealthMonitor(_sender, _connection, new GatewayJournal(logger, () => dialer.Server), options, timeProvider);
        CircuitMetrics.Watch(this, () => dialer.Server);
        _connection.Start();
    }

    public RedisStatus Current
    {
        get
        {
            var reason = _health.Breaker.Reason;
            return new RedisStatus
            {
                Name = _dialer.Server.Name,
                Availability = _health.Breaker.IsClosed ? RedisAvailability.Available
                    : reason == Fault.None ? RedisAvailability.Connecting
                    : RedisAvailability.Unavailable,
                Reason = reason == Fault.None ? null : reason.Describe(),
                RoundTrip = _health.Deadline.RoundTrip,
                CommandDeadline = _health.Deadline.Current,
                IsFar = _health.Deadline.IsFar,
                Refusal = _health.Refusal,
                ShardsAway = _health.ShardsAway,
                LocalTier = _invalidations?.Mode ?? LocalTierMode.Off,
            };
        }
    }

    // While nobody knows yet, calls wait for the first attempt.
    public override bool IsAway => !_health.Breaker.IsClosed && !_health.First.IsUnderWay;

    public override bool MayBeRedirected => _connection.IsCluster;

    public long Generation => _health.Breaker.Generation;

    public void Add(IRecoveryStep step) => _health.Recovery.Add(step);

    public void Listen(IInvalidationListener listener, IReadOnlyList<string> prefixes) =>
        _invalidations = new InvalidationFeed(_connection, KeyPrefix, prefixes, listener, _timeProvider, _logger);

    public void Publish(string key) => _invalidations?.Publish(key);

    public override IRedisGateway Since(long startedAt) => new RequestGateway(this, startedAt);

    public Task WaitUntilAvailableAsync(CancellationToken cancellationToken) =>
        _health.Breaker.WaitUntilClosedAsync().WaitAsync(cancellationToken);

    // For containers that are disposed synchronously. Closing waits for no server; should it do so all the same, then for no longer than
    // calls do.
    public void Dispose() => DisposeAsync().AsTask().Wait(2 * _health.Deadline.Maximum);

    public async ValueTask DisposeAsync()
    {
        CircuitMetrics.Forget(this);
        var wasInUse = _health.Breaker.IsClosed;
        _health.Dispose();
        if (wasInUse)
        {
            // What was sent last, such as an entry that others wait for, is not lost with the connection.
            await _sender.WhenEndedAsync().WaitAsync(_health.Deadline.Current, _timeProvider).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing);
        }

        await _connection.DisposeAsync().ConfigureAwait(false);
        _sender.Dispose();
    }

    /// <summary>Sends a command for a request that has been under way for some time.</summary>
    public ValueTask<Answer<TValue>> ExecuteAsync<TCommand, TReply, TValue>(
        TCommand command, long startedAt, CancellationToken cancellationToken)
        where TCommand : struct, IRedisCommand<TReply, TValue>
    {
        var rest = _health.Deadline.Current - _timeProvider.GetElapsedTime(startedAt);
        return rest > TimeSpan.Zero
            ? ExecuteAsync<TCommand, TReply, TValue>(command, rest, hasPartialDeadline: true, cancellationToken)
            : new ValueTask<Answer<TValue>>(new Answer<TValue>(Fault.RequestTimeSpent));
    }

    protected override ValueTask<Answer<TValue>> ExecuteAsync<TCommand, TReply, TValue>(
        TCommand command, CancellationToken cancellationToken) =>
        ExecuteAsync<TCommand, TReply, TValue>(command, _health.Deadline.Current, hasPartialDeadline: false, cancellationToken);

    private ValueTask<Answer<TValue>> ExecuteAsync<TCommand, TReply, TValue>(
        TCommand command, TimeSpan deadline, bool hasPartialDeadline, CancellationToken cancellationToken)
        where TCommand : struct, IRedisCommand<TReply, TValue>
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Answer<TValue>>(cancellationToken);
        }

        if (_health.Admit(command.Key, hasPartialDeadline) is { } observer)
        {
            return CommandMetrics.IsListenedTo
                ? MeasuredCall.AwaitAsync<TCommand, TReply, TValue>(
                    _sender, command, deadline, observer, _timeProvider, _dialer.Server, cancellationToken)
                : _sender.SendAsync<TCommand, TReply, TValue>(command, deadline, observer, cancellationToken);
        }

        return _health.First.IsUnderWay
            ? WaitForFirstAsync<TCommand, TReply, TValue>(command, hasPartialDeadline, cancellationToken)
            : new ValueTask<Answer<TValue>>(new Answer<TValue>(Fault.CircuitOpen));
    }

    /// <summary>
    /// Sends a command when the first attempt to reach Redis has led to something. All in all it takes no longer than the longest deadline.
    /// </summary>
    private async ValueTask<Answer<TValue>> WaitForFirstAsync<TCommand, TReply, TValue>(
        TCommand command, bool hasPartialDeadline, CancellationToken cancellationToken)
        where TCommand : struct, IRedisCommand<TReply, TValue>
    {
        var began = _timeProvider.GetTimestamp();
        await _health.First.WaitAsync(cancellationToken).ConfigureAwait(false);
        var rest = _health.Deadline.Maximum - _timeProvider.GetElapsedTime(began);
        var deadline = rest < _health.Deadline.Current ? rest : _health.Deadline.Current;
        return deadline > TimeSpan.Zero
            ? await ExecuteAsync<TCommand, TReply, TValue>(command, deadline, hasPartialDeadline, cancellationToken).ConfigureAwait(false)
            : new Answer<TValue>(Fault.CircuitOpen);
    }
}
