namespace RedisResilience.Gateway.Health;

/// <summary> How long calls wait: the configured deadline, or three round trips if that is longer, up to a maximum. </summary>
internal sealed class CommandDeadline(TimeSpan least, TimeSpan most)
{
    private const int RoundTripsPerDeadline = 3;

    // The smoothing of RFC 6298: an eighth of each new measurement, so that one hiccup moves nothing.
    private const int Smoothing = 8;

    private long _current = least.Ticks;
    private long _roundTrip = -1;

    public TimeSpan Current => new(Volatile.Read(ref _current));

    public TimeSpan Maximum => most;

    public TimeSpan? RoundTrip => Volatile.Read(ref _roundTrip) is var ticks and >= 0 ? new TimeSpan(ticks) : null;

    /// <summary>Whether the round trip has made the deadline longer than configured.</summary>
    public bool IsFar => Current > least;

    /// <summary>Adds a measurement. Only the probe calls it, one call at a time.</summary>
    public void Observe(TimeSpan roundTrip)
    {
        var smoothed = RoundTrip is { } known ? known.Ticks + ((roundTrip.Ticks - known.Ticks) / Smoothing) : roundTrip.Ticks;
        Volatile.Write(ref _roundTrip, smoothed);
        Volatile.Write(ref _current, Math.Clamp(smoothed * RoundTripsPerDeadline, least.Ticks, most.Ticks));
    }
}
