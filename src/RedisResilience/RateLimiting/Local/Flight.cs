using System.Diagnostics.CodeAnalysis;
using RedisResilience.Diagnostics;

namespace RedisResilience.RateLimiting.Local;

/// <summary>One call of a key is under way; those who ask for the same meanwhile wait here and share the next one.</summary>
/// <remarks>
/// The answers are those of some order of separate calls: nobody shares a call that was sent before he asked, and the permits go to those who asked first.
/// </remarks>
internal sealed class Flight(Flights flights, IAcquirePath path, string key, RateLimit limit, int unit)
{
    // Also the lock: most flights are over before anybody joins, and pay for nothing.
    private readonly List<Passenger> _waiting = [];
    private bool _hasEnded;

    /// <summary>Waits for the next call. Null: there is none, or it asks for something else.</summary>
    public Passenger? Join(RateLimit sameLimit, int sameUnit, CancellationToken cancellationToken)
    {
        if (sameUnit != unit || !(ReferenceEquals(sameLimit, limit) || sameLimit.Equals(limit)))
        {
            return null;
        }

        lock (_waiting)
        {
            if (_hasEnded)
            {
                return null;
            }

            var passenger = new Passenger(flights.Now, cancellationToken);
            _waiting.Add(passenger);
            return passenger;
        }
    }

    /// <summary>The first call has ended: those who have come meanwhile go next.</summary>
    /// <param name="isAnswered">If Redis did not answer, they have waited long enough.</param>
    public void Land(bool isAnswered)
    {
        if (Board([], isAnswered) is { Count: > 0 } passengers)
        {
            _ = FlyAsync(passengers);
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever goes wrong here is told to the callers: nobody else hears of it, and they must not wait for ever.")]
    private async Task FlyAsync(List<Passenger> passengers)
    {
        while (passengers.Count > 0)
        {
            try
            {
                var count = Math.Min(passengers.Count, Math.Max(1, limit.Permits / unit));
                var answer = await path.TakeAsync(key, limit, unit, count, since: passengers[0].JoinedAt).ConfigureAwait(false);
                passengers = Board(Deal(answer, passengers, count), answer is not null);
            }
            catch (Exception exception)
            {
                passengers.ForEach(passenger => passenger.TrySetException(exception));
                passengers = Board([], isAnswered: true);
            }
        }
    }

    /// <summary>Gives the answer to those who shared the call, and returns those who need another one.</summary>
    private List<Passenger> Deal(RateLimitDecision? answer, List<Passenger> passengers, int count)
    {
        if (answer is not { } decision)
        {
            return Fail(passengers);
        }

        var granted = decision.Granted / unit;
        for (var index = 0; index < granted; index++)
        {
            Answer(passengers[index], decision with { IsAllowed = true, Granted = unit, Remaining = decision.Remaining + ((granted - 1 - index) * unit) });
        }

        // None granted is the denial of everyone who asked. After some, the next one's denial is Redis' to tell, with the time that it takes.
        var denied = granted == 0 ? count : 0;
        for (var index = 0; index < denied; index++)
        {
            Answer(passengers[index], decision);
        }

        return passengers[(granted + denied)..];
    }

    private static void Answer(Passenger passenger, in RateLimitDecision decision)
    {
        ResilienceMetrics.RecordDecision(decision.IsAllowed, "redis");
        passenger.Answer(decision);
    }

    private List<Passenger> Fail(List<Passenger> passengers)
    {
        passengers.ForEach(passenger => passenger.Answer(path.Fail(key, limit, unit)));
        return [];
    }

    /// <summary>Gathers who goes next; if nobody does, the flight has ended.</summary>
    private List<Passenger> Board(List<Passenger> first, bool isAnswered)
    {
        while (true)
        {
            List<Passenger> next;
            lock (_waiting)
            {
                next = [.. first, .. _waiting];
                _waiting.Clear();
                _hasEnded = next.Count == 0;
            }

            if (next.Count == 0)
            {
                flights.Remove(key, limit, this);
                return next;
            }

            first = isAnswered ? next : Fail(next);
            first.RemoveAll(passenger => passenger.IsDone || TryAnswer(passenger));
            if (first.Count > 0)
            {
                return first;
            }
        }
    }

    private bool TryAnswer(Passenger passenger)
    {
        var isAnswered = path.TryAnswer(key, limit, unit, out var decision);
        if (isAnswered)
        {
            passenger.Answer(decision);
        }

        return isAnswered;
    }
}
