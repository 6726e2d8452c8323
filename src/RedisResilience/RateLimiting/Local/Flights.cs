using System.Collections.Concurrent;

namespace RedisResilience.RateLimiting.Local;

/// <summary>The keys with calls under way. The first call of a key costs a counter; from the second at the same time on, there is a flight to join.</summary>
internal sealed class Flights(IAcquirePath path, TimeProvider timeProvider)
{
    // By hash: two keys that share a counter make a flight that nobody needs, and no more.
    private readonly int[] _underWay = new int[4096];
    private readonly ConcurrentDictionary<LocalKey, Flight> _flights = new();

    public long Now => timeProvider.GetTimestamp();

    /// <summary>Waits for the next call of the key together with others. Null: nobody asks for the same at present.</summary>
    public Task<RateLimitDecision>? Join(string key, RateLimit limit, int permits, CancellationToken cancellationToken)
    {
        var place = LocalKey.Of(key, limit);
        return Volatile.Read(ref UnderWay(place)) > 0 && _flights.TryGetValue(place, out var flight)
            ? flight.Join(limit, permits, cancellationToken)?.Task
            : null;
    }

    /// <summary>A call has just been sent.</summary>
    /// <returns>What others may join who ask for the same. Null: nobody else does, or there is such a flight already.</returns>
    public Flight? Begin(string key, RateLimit limit, int permits)
    {
        var place = LocalKey.Of(key, limit);
        if (Interlocked.Increment(ref UnderWay(place)) == 1)
        {
            return null;
        }

        var flight = new Flight(this, path, key, limit, permits);
        if (!_flights.TryAdd(place, flight))
        {
            return null;
        }

        Interlocked.Increment(ref UnderWay(place));
        return flight;
    }

    /// <summary>A call of which <see cref="Begin"/> was told has ended.</summary>
    public void End(string key, RateLimit limit) => Interlocked.Decrement(ref UnderWay(LocalKey.Of(key, limit)));

    /// <summary>Nobody waits for a flight's next call.</summary>
    public void Remove(string key, RateLimit limit, Flight flight)
    {
        var place = LocalKey.Of(key, limit);
        _flights.TryRemove(new(place, flight));
        Interlocked.Decrement(ref UnderWay(place));
    }

    private ref int UnderWay(in LocalKey place) => ref _underWay[place.GetHashCode() & (_underWay.Length - 1)];
}
