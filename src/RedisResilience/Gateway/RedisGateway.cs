using Microsoft.Extensions.Logging;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway.Calls;
using RedisResilience.Gateway.Commands;
using RedisResilience.Gateway.Connection;
using RedisResilience.Gateway.Health;
using StackExchange.Redis;

namespace RedisResilience.Gateway;

/// <summary>Connection, deadline and breaker, put together: commands go out while the circuit is closed, and nobody waits longer than the deadline.</summary>
internal sealed class RedisGateway : IRedisGateway, IRedisStatus, IAsyncDisposable, IDisposable
{
    private readonly RedisConnection _connection;
    private readonly CommandSender _sender;
    private readonly HealthMonitor _health;

    public RedisGateway(ConfigurationOptions configuration, RedisResilienceOptions options, TimeProvider timeProvider, ILogger logger)
    {
        KeyPrefix = options.KeyPrefix;
        _connection = new RedisConnection(ClientSettings.Harden(configuration, options.MaximumCommandDeadline), timeProvider);
        _sender = new CommandSender(_connection, timeProvider);
        _health = new HealthMonitor(_sender, _connection, new GatewayJournal(logger, configuration.EndPoints), options, timeProvider);
        _connection.Start();
    }

    public string KeyPrefix { get; }

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
            };
        }
    }

    public Task WaitUntilAvailableAsync(CancellationToken cancellationToken) => _health.Breaker.WaitUntilClosedAsync().WaitAsync(cancellationToken);

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

    // For containers that are disposed synchronously. Closing waits for no server.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        _health.Dispose();
        await _connection.DisposeAsync().ConfigureAwait(false);
        _sender.Dispose();
    }

    private ValueTask<Answer<TValue>> ExecuteAsync<TCommand, TReply, TValue>(TCommand command, CancellationToken cancellationToken)
        where TCommand : struct, IRedisCommand<TReply, TValue>
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Answer<TValue>>(cancellationToken);
        }

        return _health.Breaker.IsClosed
            ? _sender.SendAsync<TCommand, TReply, TValue>(command, _health.Deadline.Current, _health, cancellationToken)
            : new ValueTask<Answer<TValue>>(new Answer<TValue>(Fault.CircuitOpen));
    }
}
