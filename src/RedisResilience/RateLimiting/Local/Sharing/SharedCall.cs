using System.Diagnostics.CodeAnalysis;
using RedisResilience.RateLimiting.Redis;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Local.Sharing;

/// <summary>While one call of a key is under way, callers who ask for the same wait here and share the next call.</summary>
/// <remarks>
/// The answers are the same as those of separate calls in some order. No caller shares a call that was sent before the caller asked, and
/// permits go to the callers who asked first.
/// </remarks>
internal sealed class SharedCall(SharedCalls calls, AcquirePath path, LocalKey key, RateLimit limit, int unit)
{
    // Also the lock: most calls are over before anybody joins, and pay for nothing.
    private readonly List<WaitingCaller> _waiting = [];
    private bool _hasEnded;

    /// <summary>Waits for the next call. Null when there is none, or it asks for another limit or cost.</summary>
    public WaitingCaller? Join(RateLimit sameLimit, int sameUnit, CancellationToken cancellationToken)
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

            var caller = new WaitingCaller(calls.Now, cancellationToken);
            _waiting.Add(caller);
            return caller;
        }
    }

    /// <summary>The first call has ended. The callers who have come meanwhile share the next one.</summary>
    /// <param name="isAnswered">If Redis did not answer, they have waited long enough.</param>
    public void GoOn(bool isAnswered)
    {
        if (Gather([], isAnswered) is { Count: > 0 } callers)
        {
            _ = RunAsync(callers);
        }
    }

    [SuppressMessage(
        "Design",
        "CA1031:Do not catch general exception types",
        Justification = "Whatever goes wrong here is told to the callers: nobody else hears of it, and they must not wait for ever.")]
    private async Task RunAsync(List<WaitingCaller> callers)
    {
        while (callers.Count > 0)
        {
            try
            {
                var count = Math.Min(callers.Count, Math.Max(1, limit.Permits / unit));
                var answer = await path.TakeAsync(key, limit, unit, count, startedAt: callers[0].JoinedAt).ConfigureAwait(false);
                callers = Gather(Deal(answer, callers, count), answer is not null);
            }
            catch (Exception exception)
            {
                callers.ForEach(caller => caller.TrySetException(exception));
                callers = Gather([], isAnswered: true);
            }
        }
    }

    /// <summary>Gives the answer to the callers who shared the call, and returns those who need another one.</summary>
    private List<WaitingCaller> Deal(RateLimitDecision? answer, List<WaitingCaller> callers, int count)
    {
        if (answer is not { } decision)
        {
            return Fail(callers);
        }

        var granted = decision.Granted / unit;
        for (var index = 0; index < granted; index++)
        {
            Answer(
                callers[index],
                decision with { IsAllowed = true, Granted = unit, Remaining = decision.Remaining + ((granted - 1 - index) * unit) });
        }

        // None granted is the denial of everyone who asked. After some, the next one's denial is Redis' to tell, with the time that it
        // takes.
        var denied = granted == 0 ? count : 0;
        for (var index = 0; index < denied; index++)
        {
            Answer(callers[index], decision);
        }

        return callers[(granted + denied)..];
    }

    private void Answer(WaitingCaller caller, in RateLimitDecision decision)
    {
        DecisionTelemetry.Record(decision, DecisionTelemetry.ByRedis, key.Key, limit);
        GiveTo(caller, decision);
    }

    private List<WaitingCaller> Fail(List<WaitingCaller> callers)
    {
        callers.ForEach(caller => caller.TryAnswer(path.Fail(key, limit, unit)));
        return [];
    }

    /// <summary>Collects the callers of the next call. If there are none, the shared call has ended.</summary>
    private List<WaitingCaller> Gather(List<WaitingCaller> first, bool isAnswered)
    {
        while (true)
        {
            List<WaitingCaller> next;
            lock (_waiting)
            {
                next = [.. first, .. _waiting];
                _waiting.Clear();
                _hasEnded = next.Count == 0;
            }

            if (next.Count == 0)
            {
                calls.Remove(key, this);
                return next;
            }

            first = isAnswered ? next : Fail(next);
            first.RemoveAll(caller => caller.IsDone || TryAnswer(caller));
            if (first.Count > 0)
            {
                return first;
            }
        }
    }

    private bool TryAnswer(WaitingCaller caller)
    {
        var decision = path.Answer(key, limit, unit);
        if (decision.IsMade)
        {
            DecisionTelemetry.Record(decision, DecisionTelemetry.Locally, key.Key, limit);
            GiveTo(caller, decision);
        }

        return decision.IsMade;
    }

    // Whoever has left holds nothing.
    private void GiveTo(WaitingCaller caller, in RateLimitDecision decision)
    {
        if (!caller.TryAnswer(decision) && decision.Granted > 0)
        {
            _ = path.ReturnAsync(key, limit, decision);
        }
    }
}
