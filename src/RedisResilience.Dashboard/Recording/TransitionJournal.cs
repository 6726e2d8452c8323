using System.Diagnostics.Metrics;

namespace RedisResilience.Dashboard.Recording;

/// <summary>The latest comings and goings of Redis. They are rare: this one listens always, from the start of the application on.</summary>
internal sealed class TransitionJournal : IDisposable
{
    private const int Kept = 50;

    private readonly Lock _lock = new();
    private readonly Queue<Transition> _transitions = new();
    private readonly TimeProvider _timeProvider;
    private readonly MeterListener _listener;

    public TransitionJournal(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _listener = new MeterListener { InstrumentPublished = Enable };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Note(Labels.Of(tags, ["state", "reason"])));
        _listener.Start();
    }

    /// <summary>The oldest first.</summary>
    public Transition[] Latest
    {
        get
        {
            lock (_lock)
            {
                return [.. _transitions];
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    private static void Enable(Instrument instrument, MeterListener listener)
    {
        if (instrument is { Meter.Name: "RedisResilience", Name: "redis_resilience.circuit.transitions" })
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }

    private void Note(in Labels labels)
    {
        var isInUse = labels.First == "closed";
        var transition = new Transition(_timeProvider.GetUtcNow().ToUnixTimeMilliseconds(), isInUse, isInUse ? null : labels.Second);
        lock (_lock)
        {
            if (_transitions.Count == Kept)
            {
                _transitions.Dequeue();
            }

            _transitions.Enqueue(transition);
        }
    }
}
