using RedisResilience.Gateway.Calls;
using RedisResilience.Gateway.Commands;
using RedisResilience.Gateway.Connection;
using RedisResilience.Gateway.Keys;

namespace RedisResilience.Gateway.Health;

/// <summary> One shard of a cluster, with its own circuit and probe. Its calls are observed here first, and then like all calls. </summary>
/// <remarks>
/// The probe asks for a key in one of the shard's slots. The server that has the slot at that time answers, so a failover need not be
/// reported.
/// </remarks>
internal sealed class ShardHealth : ICallObserver, IDisposable
{
    private readonly HealthMonitor _monitor;
    private readonly CommandSender _sender;
    private readonly IRedisConnection _connection;
    private readonly GatewayJournal _journal;
    private readonly CircuitBreaker _breaker = new();
    private readonly HalfOpenProbation _probation;
    private readonly RedisProbe _probe;
    private readonly string _slots;
    private readonly string _key;

    /// <param name="keyPrefix">Where the application's keys begin: the user may use no others.</param>
    /// <param name="slots">The shard's slots, as text for people.</param>
    /// <param name="slot">One of them.</param>
    /// <param name="monitor">Watches over all calls.</param>
    /// <param name="sender">Sends the probe's question.</param>
    /// <param name="connection">Finds the server that has the slots.</param>
    /// <param name="journal">Where a change of state is written down.</param>
    /// <param name="interval">How often to ask, from the first fault on.</param>
    /// <param name="timeProvider">The clock.</param>
    public ShardHealth(
        string keyPrefix, string slots, int slot, HealthMonitor monitor, CommandSender sender, IRedisConnection connection,
        GatewayJournal journal, TimeSpan interval, TimeProvider timeProvider)
    {
        (_slots, _monitor, _sender, _connection, _journal) = (slots, monitor, sender, connection, journal);
        _key = $"{keyPrefix}redisresilience:{{{SlotTags.For(slot)}}}";
        _probation = new HalfOpenProbation(timeProvider);
        _probe = new RedisProbe(ProbeAsync, interval, timeProvider);
        PartialDeadline = new PartialDeadlineObserver(this, journal, _probe.Request);
        _breaker.TryClose();
        _probation.Close();
    }

    public bool IsInUse => _breaker.IsClosed;

    public ICallObserver PartialDeadline { get; }

    public void OnAnswered()
    {
        _breaker.RecordAnswer();
        _monitor.OnAnswered();
    }

    public void OnFault(Fault fault, string? command = null)
    {
        if (fault == Fault.DeadlineExceeded)
        {
            if (_breaker.RecordMiss())
            {
                Open(fault);
            }

            _probe.Request();
        }
        else if (fault.ConcernsOneOfSeveral())
        {
            Open(fault);
            _probe.Request();
        }

        // What one shard misses says little about the others.
        _monitor.PartialDeadline.OnFault(fault, command);
    }

    public void Dispose() => _probe.Dispose();

    private async Task<ProbeResult> ProbeAsync()
    {
        var asked = _connection.Database;
        var patience = _breaker.IsClosed ? _monitor.Deadline.Current : _monitor.Deadline.Maximum;
        var answer = await _sender.SendAsync<TimeToLiveCommand, TimeSpan?, TimeSpan?>(
            new TimeToLiveCommand(_key), patience, SilentObserver.Instance, CancellationToken.None).ConfigureAwait(false);
        if (answer.Fault == Fault.ConnectionReplaced && !ReferenceEquals(asked, _connection.Database))
        {
            _probe.Request();
        }
        else if (!answer.IsAnswered && !answer.Fault.IsRefusal())
        {
            _probation.Fail();
            Open(answer.Fault);

            // A server that does not answer does not say either who has taken its place.
            _connection.Refresh();
            return ProbeResult.Away;
        }
        else if (_probation.Pass() && _breaker.TryClose())
        {
            _probation.Close();
            _journal.ShardAvailable(_slots);
        }

        return _breaker.IsClosed ? ProbeResult.InUse : ProbeResult.OnTrial;
    }

    private void Open(Fault reason)
    {
        if (_breaker.TryOpen(reason))
        {
            _probation.Open(reason == Fault.DeadlineExceeded || _breaker.HasMissed);
            _journal.ShardUnavailable(_slots, reason);
        }
    }
}
