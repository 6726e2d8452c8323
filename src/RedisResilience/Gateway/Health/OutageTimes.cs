using RedisResilience.Diagnostics;

namespace RedisResilience.Gateway.Health;

/// <summary>Measures how soon an outage was noticed and how long it lasted.</summary>
/// <param name="timeProvider">The clock.</param>
/// <param name="server">Which Redis the measurements are about.</param>
internal sealed class OutageTimes(TimeProvider timeProvider, Func<ServerIdentity> server)
{
    // A miss so long ago belongs to another story.
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private long? _firstMiss;
    private TimeSpan _waited;
    private long? _opened;

    /// <summary>A call has waited in vain.</summary>
    public void Miss(TimeSpan waited)
    {
        lock (_lock)
        {
            if (_firstMiss is null || timeProvider.GetElapsedTime(_firstMiss.Value) > Memory)
            {
                _firstMiss = timeProvider.GetTimestamp();
                _waited = waited;
            }
        }
    }

    public void Open(Fault reason)
    {
        var detection = TimeSpan.Zero;
        lock (_lock)
        {
            if (reason == Fault.DeadlineExceeded && _firstMiss is { } first)
            {
                detection = timeProvider.GetElapsedTime(first) + _waited;
            }

            _firstMiss = null;
            _opened ??= timeProvider.GetTimestamp();
        }

        CircuitMetrics.RecordOpened(server(), reason.Name(), detection);
    }

    public void Close()
    {
        TimeSpan? outage;
        lock (_lock)
        {
            outage = _opened is { } opened ? timeProvider.GetElapsedTime(opened) : null;
            _opened = null;
        }

        CircuitMetrics.RecordClosed(server(), outage);
    }
}
