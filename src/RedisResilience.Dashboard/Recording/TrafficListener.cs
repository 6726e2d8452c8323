using System.Diagnostics.Metrics;
using RedisResilience.Diagnostics;

namespace RedisResilience.Dashboard.Recording;

/// <summary>
/// Listens to the library's meter in this process, and sums up the measurements of each second. Without a listener, measuring costs
/// nothing.
/// </summary>
internal sealed class TrafficListener : IDisposable
{
    private const string MeterName = "RedisResilience";

    // Loads are short: whoever looks once a second sees none of those that an outage brings.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    private readonly CounterSet _decisions = new("outcome", "decider", "policy");
    private readonly CounterSet _reads = new("outcome", "namespace");
    private readonly CounterSet _writes = new("outcome");
    private readonly CounterSet _faults = new("reason", "redis_resilience.name");
    private readonly CommandTimes _commands = new();
    private readonly Level _loads = new();
    private readonly Level _queue = new();
    private readonly MeterListener _listener;
    private readonly ITimer _looks;

    public TrafficListener(TimeProvider timeProvider)
    {
        Denied = new DeniedKeys(timeProvider);
        _listener = new MeterListener { InstrumentPublished = Enable };
        _listener.SetMeasurementEventCallback<long>(
            static (_, measurement, tags, sink) => ((IMeasurementSink)sink!).Record(measurement, tags));
        _listener.SetMeasurementEventCallback<double>(
            static (_, measurement, tags, sink) => ((IMeasurementSink)sink!).Record(measurement, tags));
        _listener.Start();
        _looks = timeProvider.CreateTimer(
            static listener => ((MeterListener)listener!).RecordObservableInstruments(), _listener, BetweenLooks, BetweenLooks);
    }

    /// <summary>Whom the limiter denies.</summary>
    public DeniedKeys Denied { get; }

    /// <summary>The traffic since the last call.</summary>
    public Second Take(DateTimeOffset now, in RedisStatus status)
    {
        _listener.RecordObservableInstruments();
        return new Second(
            now.ToUnixTimeMilliseconds(),
            status.Availability,
            status.RoundTrip?.TotalMilliseconds,
            status.CommandDeadline.TotalMilliseconds,
            _decisions.Take(),
            _reads.Take(),
            _writes.Take(),
            _faults.Take(),
            _commands.Take(),
            _loads.Take(),
            _queue.Take());
    }

    public void Dispose()
    {
        _looks.Dispose();
        _listener.Dispose();
        Denied.Dispose();
    }

    private void Enable(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == MeterName && SinkOf(instrument.Name) is { } sink)
        {
            listener.EnableMeasurementEvents(instrument, sink);
        }
    }

    private IMeasurementSink? SinkOf(string instrument) => instrument switch
    {
        "redis_resilience.rate_limit.decisions" => _decisions,
        "redis_resilience.cache.reads" => _reads,
        "redis_resilience.cache.writes" => _writes,
        "redis_resilience.gateway.faults" => _faults,
        "db.client.operation.duration" => _commands,
        "redis_resilience.cache.source.loads" => _loads,
        "redis_resilience.cache.source.queue" => _queue,
        _ => null,
    };
}
