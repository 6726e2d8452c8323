using RedisResilience.Diagnostics;
using RedisResilience.Gateway.Calls;
using RedisResilience.Gateway.Connection;
using RedisResilience.Gateway.Recovery;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Health;

/// <summary>Watches how calls end and what the probe reports, and opens and closes the circuit.</summary>
internal sealed class HealthMonitor : ICallObserver, IDisposable
{
    private readonly IRedisConnection _connection;
    private readonly GatewayJournal _journal;
    private readonly HealthExamination _examination;
    private readonly RedisProbe _probe;
    private readonly HalfOpenProbation _probation;
    private readonly OutageTimes _times;
    private readonly Reconnection _reconnection;
    private readonly ClusterShards _shards;
    private readonly Refusals _refusals;
    private volatile bool _isDisposed;

    public HealthMonitor(
        CommandSender sender, IRedisConnection connection, GatewayJournal journal, RedisResilienceOptions options,
        TimeProvider timeProvider)
    {
        (_connection, _journal) = (connection, journal);
        First = new FirstAttempt(options.MaximumCommandDeadline, timeProvider);
        Deadline = new CommandDeadline(options.CommandDeadline, options.MaximumCommandDeadline);
        var redis = new RecoveryGateway(options.KeyPrefix, sender, Deadline, connection);
        _examination = new HealthExamination(redis, sender, connection, Deadline, timeProvider);
        Recovery = new RecoverySteps(redis);
        _probation = new HalfOpenProbation(timeProvider);
        _refusals = new Refusals(journal, options.KeyPrefix, timeProvider);
        _times = new OutageTimes(timeProvider, () => journal.Server);
        _reconnection = new Reconnection(connection, timeProvider);
        _reconnection.BeginLater();
        _probe = new RedisProbe(ProbeAsync, options.ProbeInterval, timeProvider);
        PartialDeadline = new PartialDeadlineObserver(this, journal, _probe.Request);
        _shards = new ClusterShards(connection, slots => new ShardHealth(
            options.KeyPrefix, string.Join(", ", slots), slots[0].From, this, sender, connection, journal, options.ProbeInterval,
            timeProvider));
        connection.Changed += _probe.Request;
        connection.Lost += () => OnServerFault(Fault.ConnectionLost);
    }

    public CircuitBreaker Breaker { get; } = new();

    public FirstAttempt First { get; }

    public CommandDeadline Deadline { get; }

    public RecoverySteps Recovery { get; }

    public int ShardsAway => _shards.Away;

    /// <summary>What the server refuses now, as text. Null when it refuses nothing.</summary>
    public string? Refusal => _refusals.Current;

    /// <summary>The observer of calls whose missed deadlines say little about Redis as a whole.</summary>
    public ICallObserver PartialDeadline { get; }

    /// <summary>Who observes a call. Null: it is not to be sent.</summary>
    public ICallObserver? Admit(RedisKey key, bool hasPartialDeadline)
    {
        if (!Breaker.IsClosed)
        {
            return null;
        }

        return _shards.Of(key) is not { } shard ? hasPartialDeadline ? PartialDeadline : this
            : !shard.IsInUse ? null
            : hasPartialDeadline ? shard.PartialDeadline : shard;
    }

    public void OnAnswered() => Breaker.RecordAnswer();

    public void OnFault(Fault fault, string? command = null)
    {
        ResilienceMetrics.RecordFault(_journal.Server, fault.Name());
        if (fault.Remedy() == FaultRemedy.FindPrimary)
        {
            _connection.Refresh();
        }

        switch (fault.Scope())
        {
            case FaultScope.Silence:
                _times.Miss(Deadline.Current);
                if (Breaker.RecordMiss())
                {
                    Open(fault);
                }

                // Whether it was one slow command or the whole server: the probe finds out.
                _probe.Request();
                break;
            case FaultScope.Network or FaultScope.Server or FaultScope.Everybody:
                OnServerFault(fault);
                break;
            case FaultScope.Command:
                Breaker.RecordAnswer();
                _refusals.Record(fault, command);
                break;
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        First.Dispose();
        Breaker.TryOpen(Fault.GatewayDisposed);
        _probe.Dispose();
        _reconnection.Dispose();
        _shards.Dispose();
    }

    private void OnServerFault(Fault fault)
    {
        // One of several endpoints may be lost while the others serve on: the probe decides.
        var isForProbe = _connection.IsConnected
            && (fault.Scope() == FaultScope.Network || (_connection.IsCluster && fault.ConcernsOneOfSeveral()));
        if (!isForProbe)
        {
            Open(fault);
        }
        else if (fault.Scope() == FaultScope.Network)
        {
            // Nobody serves this key, as far as the client knows: it may not know that there is a new primary.
            _connection.Refresh();
        }

        _probe.Request();
    }

    private async Task<ProbeResult> ProbeAsync()
    {
        var wasClosed = Breaker.IsClosed;
        var asked = _connection.Database;
        var fault = await _examination.RunAsync(wasClosed).ConfigureAwait(false);
        if (fault == Fault.ConnectionReplaced && !ReferenceEquals(asked, _connection.Database))
        {
            // That says nothing of the connection that has taken its place.
            _probe.Request();
            return Breaker.IsClosed ? ProbeResult.InUse : ProbeResult.OnTrial;
        }

        if (fault != Fault.None)
        {
            _probation.Fail();
            Open(fault);
            if (!_isDisposed && Breaker.Explain(fault))
            {
                _journal.Unavailable(fault);
            }

            _reconnection.React(fault);
            return ProbeResult.Away;
        }

        _reconnection.End();
        _connection.Follow();
        _shards.Refresh();
        if (!wasClosed)
        {
            await RepairAsync(closes: _probation.Pass()).ConfigureAwait(false);
        }

        return Breaker.IsClosed ? ProbeResult.InUse : ProbeResult.OnTrial;
    }

    private void Open(Fault reason)
    {
        if (Breaker.TryOpen(reason))
        {
            First.End();
            _times.Open(reason);
            _probation.Open(reason == Fault.DeadlineExceeded || Breaker.HasMissed);
            _journal.Unavailable(reason);
            _reconnection.React(reason);
        }
    }

    /// <summary>Runs the recovery steps, and closes the circuit if the trial was long enough.</summary>
    private async Task RepairAsync(bool closes)
    {
        // During a trial, too: other processes may trust Redis already, and wait for this one's leases or read what it has removed.
        var isRepaired = await Recovery.RunAsync().ConfigureAwait(false);

        // A probe may still have been under way when the application closed the connection.
        if (isRepaired && closes && !_isDisposed && Breaker.TryClose())
        {
            First.End();
            _times.Close();
            _probation.Close();
            _journal.Available(Deadline);
            await Recovery.RunAsync().ConfigureAwait(false);
        }
    }
}
