using System.Collections.Concurrent;

namespace RedisResilience.RateLimiting.Local;

/// <summary>The keys with a call under way that others may share the next one of.</summary>
internal sealed class Flights(IAcquirePath path, TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<LocalKey, Flight> _flights = new();

    public long Now => timeProvider.GetTimestamp();

    /// <summary>Waits for the next call of the key together with others. Null: nobody asks for the same at present.</summary>
    public Task<RateLimitDecision>? Join(string key, RateLimit limit, int permits, CancellationToken cancellationToken) =>
        _flights.TryGetValue(LocalKey.Of(key, limit), out var flight) ? flight.Join(limit, permits, cancellationToken)?.Task : null;

    /// <summary>Lets others wait for the end of a call that has just been sent. Null: there is one already that they may wait for.</summary>
    public Flight? Begin(string key, RateLimit limit, int permits)
    {
        var flight = new Flight(this, path, key, limit, permits);
        return _flights.TryAdd(LocalKey.Of(key, limit), flight) ? flight : null;
    }

    public void Remove(string key, RateLimit limit, Flight flight) => _flights.TryRemove(new(LocalKey.Of(key, limit), flight));
}
