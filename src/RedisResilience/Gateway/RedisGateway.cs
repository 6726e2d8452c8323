using Microsoft.Extensions.Logging;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway.Calls;
using RedisResilience.Gateway.Commands;
using RedisResilience.Gateway.Connection;
using RedisResilience.Gateway.Health;
using StackExchange.Redis;

namespace RedisResilience.Gateway;

/// <summary>Connection, deadline, breaker and probe, put together: commands go out while the circuit is closed, and their callers never wait longer than the deadline.</summary>
internal sealed class RedisGateway : IRedisGateway, IRedisStatus, ICallObserver, IAsyncDisposable, IDisposable
{
    // At a deadline of 250 ms this is 32,000 calls a second into a server that has stopped answering.
    private const int MaximumCallsInFlight = 8192;

    private readonly RedisConnection _connection;
    private readonly CircuitBreaker _breaker = new();
    private readonly CommandDeadline _deadline;
    private readonly PendingCalls _calls;
    private readonly RedisProbe _probe;
    private readonly GatewayJournal _journal;
    private readonly TimeProvider _timeProvider;

    public RedisGateway(ConfigurationOptions configuration, RedisResilienceOptions options, TimeProvider timeProvider, ILogger logger)
    {
        KeyPrefix = options.KeyPrefix;
        _timeProvider = timeProvider;
        _deadline = new CommandDeadline(options.CommandDeadline, options.MaximumCommandDeadline);
        _journal = new GatewayJournal(logger, configuration.EndPoints);
        _calls = new PendingCalls(timeProvider, MaximumCallsInFlight);
        _connection = new RedisConnection(ClientSettings.Harden(configuration, options.MaximumCommandDeadline), timeProvider);
        _probe = new RedisProbe(ProbeAsync, options.ProbeInterval, timeProvider);
        _connection.Changed += _probe.Request;
        _connection.Lost += OnConnectionLost;
        _connection.Start();
    }

    public string KeyPrefix { get; }

    public RedisStatus Current
    {
        get
        {
            var isClosed = _breaker.IsClosed;
            var reason = isClosed ? Fault.None : _breaker.Reason;
            return new RedisStatus
            {
                Availability = isClosed ? RedisAvailability.Available
                    : reason == Fault.None ? RedisAvailability.Connecting
                    : RedisAvailability.Unavailable,
                Reason = reason == Fault.None ? null : reason.Describe(),
                RoundTrip = _deadline.RoundTrip,
                CommandDeadline = _deadline.Current,
                IsFar = _deadline.IsFar,
            };
        }
    }

    public Task WaitUntilAvailableAsync(CancellationToken cancellationToken) => _breaker.WaitUntilClosedAsync().WaitAsync(cancellationToken);

    public ValueTask<Answer<Payload>> GetAsync(RedisKeyPrefix prefix, string key, CancellationToken cancellationToken) =>
        ExecuteAsync<GetCommand, Lease<byte>?, Payload>(new GetCommand(prefix.Append(key)), cancellationToken);

    public ValueTask<Answer<TimeSpan?>> GetTimeToLiveAsync(RedisKeyPrefix prefix, string key, CancellationToken cancellationToken) =>
        ExecuteAsync<TimeToLiveCommand, TimeSpan?, TimeSpan?>(new TimeToLiveCommand(prefix.Append(key)), cancellationToken);

    public ValueTask<Answer<bool>> SetAsync(
        RedisKeyPrefix prefix, string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        ExecuteAsync<SetCommand, bool, bool>(new SetCommand(prefix.Append(key), value, timeToLive), cancellationToken);

    public ValueTask<Answer<bool>> DeleteAsync(RedisKeyPrefix prefix, string key, CancellationToken cancellationToken) =>
        ExecuteAsync<DeleteCommand, bool, bool>(new DeleteCommand(prefix.Append(key)), cancellationToken);

    public ValueTask<Answer<ScriptReply>> EvaluateAsync(
        RedisScript script, RedisKeyPrefix prefix, string key, ScriptArguments arguments, CancellationToken cancellationToken) =>
        ExecuteAsync<EvaluateCommand, RespResult, ScriptReply>(new EvaluateCommand(script, prefix.Append(key), arguments), cancellationToken);

    void ICallObserver.OnAnswered() => _breaker.RecordAnswer();

    void ICallObserver.OnFault(Fault fault)
    {
        ResilienceMetrics.RecordFault(Enum.GetName(fault)!);
        if (fault == Fault.DeadlineExceeded)
        {
            if (_breaker.RecordMiss())
            {
                Open(fault);
            }

            // Whether it was one slow command or the whole server: the probe finds out.
            _probe.Request();
        }
        else if (fault.ConcernsWholeServer())
        {
            OnServerFault(fault);
        }
        else if (fault.IsRefusal())
        {
            _breaker.RecordAnswer();
            _journal.Refused(fault);
        }
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        _breaker.TryOpen(Fault.GatewayDisposed);
        _probe.Dispose();
        await _connection.DisposeAsync().ConfigureAwait(false);
        _calls.Dispose();
    }

    private ValueTask<Answer<TValue>> ExecuteAsync<TCommand, TReply, TValue>(TCommand command, CancellationToken cancellationToken)
        where TCommand : struct, IRedisCommand<TReply, TValue>
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Answer<TValue>>(cancellationToken);
        }

        if (!_breaker.IsClosed)
        {
            return new ValueTask<Answer<TValue>>(new Answer<TValue>(Fault.CircuitOpen));
        }

        if (_calls.IsFull)
        {
            return new ValueTask<Answer<TValue>>(new Answer<TValue>(Fault.TooManyCalls));
        }

        return SendAsync<TCommand, TReply, TValue>(command, _deadline.Current, this, cancellationToken);
    }

    private ValueTask<Answer<TValue>> SendAsync<TCommand, TReply, TValue>(
        TCommand command, TimeSpan deadline, ICallObserver observer, CancellationToken cancellationToken)
        where TCommand : struct, IRedisCommand<TReply, TValue>
    {
        if (_connection.Database is not { } database)
        {
            return new ValueTask<Answer<TValue>>(new Answer<TValue>(Fault.ConnectionFailed));
        }

        var expiresAt = _timeProvider.GetTimestamp() + (long)(deadline.TotalSeconds * _timeProvider.TimestampFrequency);
        Task<TReply> reply;
        try
        {
            reply = command.SendAsync(database);
        }
        catch (Exception exception) when (exception is RedisException or ObjectDisposedException or TimeoutException)
        {
            reply = Task.FromException<TReply>(exception);
        }

        return CommandCall<TCommand, TReply, TValue>.WaitAsync(reply, _calls, observer, expiresAt, cancellationToken);
    }

    private async Task<bool> ProbeAsync()
    {
        // A closed circuit is judged as its callers are; an open one gets all the time that a far server may need to show how far it is.
        var allowed = _breaker.IsClosed ? _deadline.Current : _deadline.Maximum;
        var started = _timeProvider.GetTimestamp();
        var answer = await SendAsync<PingCommand, TimeSpan, bool>(default, allowed, SilentObserver.Instance, CancellationToken.None).ConfigureAwait(false);
        var roundTrip = _timeProvider.GetElapsedTime(started);

        // A refusal is an answer too: the server is there.
        var isUp = answer.IsAnswered || answer.Fault.IsRefusal();
        if (isUp)
        {
            _deadline.Observe(roundTrip);
        }

        if (isUp && roundTrip <= _deadline.Current)
        {
            Close();
        }
        else
        {
            Open(isUp ? Fault.DeadlineExceeded : answer.Fault);
        }

        return _breaker.IsClosed;
    }

    private void OnConnectionLost() => OnServerFault(Fault.ConnectionLost);

    private void OnServerFault(Fault fault)
    {
        // With several endpoints one of them may be lost while the others serve on: the probe decides.
        if (!_connection.IsConnected || !fault.IsConnectionFault())
        {
            Open(fault);
        }

        _probe.Request();
    }

    private void Open(Fault reason)
    {
        if (_breaker.TryOpen(reason))
        {
            _journal.Unavailable(reason);
        }
    }

    private void Close()
    {
        if (_breaker.TryClose())
        {
            _journal.Available(_deadline);
        }
    }
}
