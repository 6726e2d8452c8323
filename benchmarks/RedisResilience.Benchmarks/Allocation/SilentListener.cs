using System.Diagnostics.Metrics;

namespace RedisResilience.Benchmarks.Allocation;

/// <summary>Listens to every instrument of the library, and does nothing with what it hears.</summary>
internal sealed class SilentListener : IDisposable
{
    private readonly MeterListener _meters = new()
    {
        InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "RedisResilience")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        },
    };

    public SilentListener()
    {
        _meters.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        _meters.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        _meters.Start();
    }

    public void Dispose() => _meters.Dispose();
}
