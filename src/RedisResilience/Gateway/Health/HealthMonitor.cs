using RedisResilience.Diagnostics;
using RedisResilience.Gateway.Calls;
using RedisResilience.Gateway.Commands;
using RedisResilience.Gateway.Connection;
using RedisResilience.Gateway.Recovery;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Health;

/// <summary>Watches how calls end and what the probe finds, and opens and closes the circuit.</summary>
internal sealed class HealthMonitor : ICallObserver, IDisposable
{
    // In a cluster, how many servers are asked in turn before it counts as away.
    private const int ServersToAsk = 3;

    private static readonly RedisScript Greeting = new("return { 0, 0, 0 }");

    private readonly CommandSender _sender;
    private readonly IRedisConnection _connection;
    private readonly GatewayJournal _journal;
    private readonly TimeProvider _timeProvider;
    private readonly RedisProbe _probe;
    private readonly Trial _trial;
    private int _greetings;
    private volatile bool _isDisposed;

    public HealthMonitor(CommandSender sender, IRedisConnection connection, GatewayJournal journal, RedisResilienceOptions options, TimeProvider timeProvider)
    {
        _sender = sender;
        _connection = connection;
        _journal = journal;
        _timeProvider = timeProvider;
        Deadline = new CommandDeadline(options.CommandDeadline, options.MaximumCommandDeadline);
        Recovery = new RecoverySteps(new RecoveryGateway(options.KeyPrefix, sender, Deadline));
        Hurried = new HurriedObserver(this);
        _trial = new Trial(timeProvider);
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
    }

    private void OnServerFault(Fault fault)
    {
        // One of several endpoints may be lost while the others serve on: the probe decides.
        var isForProbe = _connection.IsConnected && (_connection.IsCluster ? fault.ConcernsOneOfSeveral() : fault.IsConnectionFault());
        if (!isForProbe)
        {
            Open(fault);
        }

        _probe.Request();
    }

    private async Task<bool> ProbeAsync()
    {
        var wasClosed = Breaker.IsClosed;

        // A closed circuit is judged as its callers are; an open one gets all the time that a far server may need to show how far it is.
        var deadline = wasClosed ? Deadline.Current : Deadline.Maximum;
        var (fault, roundTrip) = await PingAsync(deadline).ConfigureAwait(false);
        for (var server = 1; server < ServersToAsk && fault != Fault.None && _connection.IsCluster; server++)
        {
            (fault, roundTrip) = await PingAsync(deadline).ConfigureAwait(false);
        }

        if (fault == Fault.None && !wasClosed)
        {
            (fault, roundTrip) = await GreetAsync().ConfigureAwait(false);
        }

        if (fault == Fault.None)
        {
            Deadline.Observe(roundTrip);
            fault = roundTrip <= Deadline.Current ? Fault.None : Fault.DeadlineExceeded;
        }

        if (fault != Fault.None)
        {
            _trial.Fail();
            Open(fault);
        }
        else if (!wasClosed && _trial.Pass())
        {
            await CloseAsync().ConfigureAwait(false);
        }

        return Breaker.IsClosed;
    }

    // A server that has just come back is slow at first: it wakes up, or it makes its script engine ready. That is waited for here, not by the first
    // callers; and only the answer after it tells how far away the server is. In a cluster, each greeting may go to another server.
    private async Task<(Fault Fault, TimeSpan RoundTrip)> GreetAsync()
    {
        var greeting = await _sender.SendAsync<EvaluateCommand, RespResult, ScriptReply>(
            new EvaluateCommand(Greeting, $"redisresilience:{_greetings++}", default), Deadline.Maximum, SilentObserver.Instance, CancellationToken.None).ConfigureAwait(false);
        return greeting.IsAnswered || greeting.Fault.IsRefusal()
            ? await PingAsync(Deadline.Maximum).ConfigureAwait(false)
            : (greeting.Fault, default);
    }

    private async Task<(Fault Fault, TimeSpan RoundTrip)> PingAsync(TimeSpan deadline)
    {
        var started = _timeProvider.GetTimestamp();
        var answer = await _sender.SendAsync<PingCommand, TimeSpan, bool>(default, deadline, SilentObserver.Instance, CancellationToken.None)
            .ConfigureAwait(false);

        // A refusal is an answer too: the server is there.
        return (answer.Fault.IsRefusal() ? Fault.None : answer.Fault, _timeProvider.GetElapsedTime(started));
    }

    private void Open(Fault reason)
    {
        if (Breaker.TryOpen(reason))
        {
            _trial.Open();
            _journal.Unavailable(reason);
        }
    }

    private async Task CloseAsync()
    {
        // A probe may still have been under way when the application closed the connection.
        if (await Recovery.RunAsync().ConfigureAwait(false) && !_isDisposed && Breaker.TryClose())
        {
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
