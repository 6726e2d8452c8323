using RedisResilience.Diagnostics;
using RedisResilience.Gateway.Calls;
using RedisResilience.Gateway.Connection;
using RedisResilience.Gateway.Recovery;

namespace RedisResilience.Gateway.Health;

/// <summary>Watches how calls end and what the probe finds, and opens and closes the circuit.</summary>
internal sealed class HealthMonitor : ICallObserver, IDisposable
{
    private readonly IRedisConnection _connection;
    private readonly GatewayJournal _journal;
    private readonly Examination _examination;
    private readonly RedisProbe _probe;
    private readonly Trial _trial;
    private readonly OutageTimes _times;
    private readonly Reconnection _reconnection;
    private volatile bool _isDisposed;

    public HealthMonitor(CommandSender sender, IRedisConnection connection, GatewayJournal journal, RedisResilienceOptions options, TimeProvider timeProvider)
    {
        _connection = connection;
        _journal = journal;
        Deadline = new CommandDeadline(options.CommandDeadline, options.MaximumCommandDeadline);
        _examination = new Examination(sender, connection, Deadline, timeProvider);
        Recovery = new RecoverySteps(new RecoveryGateway(options.KeyPrefix, sender, Deadline));
        Hurried = new HurriedObserver(this);
        _trial = new Trial(timeProvider);
        _times = new OutageTimes(timeProvider);
        _reconnection = new Reconnection(connection, timeProvider);
        _reconnection.Begin();
        _probe = new RedisProbe(ProbeAsync, options.ProbeInterval, timeProvider);
        connection.Changed += _probe.Request;
        connection.Lost += () => OnServerFault(Fault.ConnectionLost);
    }

    public CircuitBreaker Breaker { get; } = new();

    public CommandDeadline Deadline { get; }

    public RecoverySteps Recovery { get; }

    /// <summary>For calls that had less time than a deadline: that they missed it says little about Redis.</summary>
    public ICallObserver Hurried { get; }

    public void OnAnswered() => Breaker.RecordAnswer();

    public void OnFault(Fault fault)
    {
        ResilienceMetrics.RecordFault(Enum.GetName(fault)!);
        if (fault == Fault.DeadlineExceeded)
        {
            _times.Miss(Deadline.Current);
            if (Breaker.RecordMiss())
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
            Breaker.RecordAnswer();
            _journal.Refused(fault);
            if (fault == Fault.ReadOnly)
            {
                _connection.Refresh();
            }
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        Breaker.TryOpen(Fault.GatewayDisposed);
        _probe.Dispose();
        _reconnection.Dispose();
    }

    private void OnServerFault(Fault fault)
    {
        // One of several endpoints may be lost while the others serve on: the probe decides.
        var isForProbe = _connection.IsConnected && (_connection.IsCluster ? fault.ConcernsOneOfSeveral() : fault.IsConnectionFault());
        if (!isForProbe)
        {
            Open(fault);
        }
        else if (fault.IsConnectionFault())
        {
            // Nobody serves this key, as far as the client knows: it may not know that there is a new primary.
            _connection.Refresh();
        }

        _probe.Request();
    }

    private async Task<bool> ProbeAsync()
    {
        var wasClosed = Breaker.IsClosed;
        var fault = await _examination.RunAsync(wasClosed).ConfigureAwait(false);
        if (fault != Fault.None)
        {
            _trial.Fail();
            Open(fault);
            Reach(fault);
        }
        else
        {
            _reconnection.End();
            _connection.Follow();
            if (!wasClosed && _trial.Pass())
            {
                await CloseAsync().ConfigureAwait(false);
            }
        }

        return Breaker.IsClosed;
    }

    private void Open(Fault reason)
    {
        if (Breaker.TryOpen(reason))
        {
            _times.Open(reason);
            _trial.Open();
            _journal.Unavailable(reason);
            Reach(reason);
        }
    }

    // A server that says why it does not serve has been reached.
    private void Reach(Fault fault)
    {
        if (fault == Fault.DeadlineExceeded || fault.IsConnectionFault())
        {
            _reconnection.Begin();
        }
        else
        {
            _reconnection.End();
        }
    }

    private async Task CloseAsync()
    {
        // A probe may still have been under way when the application closed the connection.
        if (await Recovery.RunAsync().ConfigureAwait(false) && !_isDisposed && Breaker.TryClose())
        {
            _times.Close();
            _trial.Close();
            _journal.Available(Deadline);
            await Recovery.RunAsync().ConfigureAwait(false);
        }
    }

    private sealed class HurriedObserver(HealthMonitor monitor) : ICallObserver
    {
        public void OnAnswered() => monitor.OnAnswered();

        public void OnFault(Fault fault)
        {
            if (fault == Fault.DeadlineExceeded)
            {
                monitor._probe.Request();
            }
            else
            {
                monitor.OnFault(fault);
            }
        }
    }
}
