using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;

namespace RedisResilience.Dashboard.Recording;

/// <summary>The latest transitions of each Redis. They are rare, so the journal always listens, from the start of the application
/// on.</summary>
internal sealed class TransitionJournal : IDisposable
{
    private const int Kept = 50;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<Transition>> _transitions = new(StringComparer.Ordinal);
    private readonly TimeProvider _timeProvider;
    private readonly MeterListener _listener;

    public TransitionJournal(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _listener = new MeterListener { InstrumentPublished = Enable };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Note(Labels.Of(tags, ["state", "reason", "redis_resilience.name"])));
        _listener.Start();
    }

    /// <summary>The latest fifty of each Redis, the oldest first.</summary>
    public Transition[] Latest
    {
        get
        {
            lock (_lock)
            {
                return [.. _transitions.Values.SelectMany(ofServer => ofServer).OrderBy(transition => transition.Time)];
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
        var transition = new Transition(
            labels.Third, _timeProvider.GetUtcNow().ToUnixTimeMilliseconds(), isInUse, isInUse ? null : labels.Second);
        lock (_lock)
        {
            // A server that comes and goes does not push out what is known of the others.
            ref var ofServer = ref CollectionsMarshal.GetValueRefOrAddDefault(_transitions, transition.Server, out _);
            ofServer ??= new Queue<Transition>();
            if (ofServer.Count == Kept)
            {
                ofServer.Dequeue();
            }

            ofServer.Enqueue(transition);
        }
    }
}
