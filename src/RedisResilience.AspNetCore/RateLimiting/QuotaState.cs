using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>What one limit has left for one client, as the header fields say it.</summary>
/// <param name="Fields">The limit's field items.</param>
/// <param name="Remaining">The permits that are left.</param>
/// <param name="Seconds">For how many seconds the client should use no more than these. 0 when the client has all permits.</param>
internal readonly record struct QuotaState(RateLimitFields Fields, int Remaining, long Seconds)
{
    /// <summary>Null for a part of a combined limit that does not deny a denied request, or whose state is not known.</summary>
    public static QuotaState? Of(LimitDescription description, in RateLimitDecision decision, int index)
    {
        if (description.Limit.Parts.IsEmpty)
        {
            return Of(description.Fields[index], decision.IsAllowed, decision.Remaining, decision.RetryAfter, decision.ResetAfter);
        }

        return index < decision.States.Length
            && decision.States[index] is var state
            && (decision.IsAllowed || state.RetryAfter > TimeSpan.Zero)
            ? Of(description.Fields[index], decision.IsAllowed, state.Remaining, Earlier(
                state.RetryAfter, decision.RetryAfter), state.ResetAfter)
            : null;
    }

    // A denial that this process repeats has the parts' times of when Redis gave it.
    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;

    // A denied client gets the time of Retry-After, for that must not be earlier than t.
    private static QuotaState Of(RateLimitFields fields, bool isAllowed, int remaining, TimeSpan retryAfter, TimeSpan resetAfter) =>
        new(fields, remaining, isAllowed ? WholeSeconds.Up(resetAfter) : WholeSeconds.RetryAfter(retryAfter));
}
