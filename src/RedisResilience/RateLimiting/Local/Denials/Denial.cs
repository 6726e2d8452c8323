using System.Collections.Immutable;
using RedisResilience.RateLimiting.Local.Prefetch;

namespace RedisResilience.RateLimiting.Local.Denials;

/// <summary>One cost that Redis has denied, on this process's monotonic clock.</summary>
/// <param name="Cost">How many permits were asked for.</param>
/// <param name="CertainUntil">
/// Until this time Redis would certainly deny again. It counts from when the call was sent, because Redis decided after that.
/// </param>
/// <param name="RetryAt">
/// The time for the next try. It counts from when the answer came, because Redis decided before that, so no try is too early.
/// </param>
/// <param name="ResetAt">When the key has all its permits again, counted as <paramref name="RetryAt"/>.</param>
/// <param name="Answer">The answer of Redis.</param>
internal sealed record Denial(int Cost, long CertainUntil, long RetryAt, long ResetAt, RateLimitDecision Answer)
{
    private long _askAgainAt;

    public static Denial Of(RateLimit limit, int cost, RateLimitDecision answer, TimeProvider timeProvider, long sentAt, long recheck)
    {
        var now = timeProvider.GetTimestamp();
        var retryAfter = timeProvider.ToTimestamps(answer.RetryAfter);

        // Other nodes give back what they hold of a prefetched limit, and do not say so.
        var certainFor = limit.MaximumPrefetch == 0 ? retryAfter : Math.Min(retryAfter, timeProvider.ToTimestamps(PrefetchDemand.Horizon));
        return new Denial(cost, sentAt + certainFor, now + retryAfter, now + timeProvider.ToTimestamps(answer.ResetAfter), answer)
        {
            _askAgainAt = now + recheck,
        };
    }

    /// <summary> Whether to ask Redis again. Another process may have reset the key, or Redis may have lost it. </summary>
    public bool IsToBeAskedAgain(long now) => now >= Volatile.Read(ref _askAgainAt);

    /// <summary>Lets one caller ask Redis again. The next caller may ask after the same time.</summary>
    public bool TryAskAgain(long now, long recheck)
    {
        var at = Volatile.Read(ref _askAgainAt);
        return now >= at && Interlocked.CompareExchange(ref _askAgainAt, now + recheck, at) == at;
    }

    /// <summary>The same answer, given later by this process.</summary>
    public RateLimitDecision Repeat(LocalClock clock, long now)
    {
        var retryAfter = clock.Between(now, RetryAt);
        return Answer with
        {
            RetryAfter = retryAfter,
            ResetAfter = now < ResetAt ? clock.Between(now, ResetAt) : TimeSpan.Zero,
            Source = DecisionSource.Local,
            States = Answer.States.IsEmpty ? [] : StatesAfter(Answer.RetryAfter - retryAfter),
        };
    }

    // Of what has come back meanwhile this process knows only when it is all.
    private ImmutableArray<RateLimitState> StatesAfter(TimeSpan passed) =>
    [
        .. Answer.States.Select(state => state with
        {
            Remaining = state.ResetAfter > passed ? state.Remaining : state.Limit.Permits,
            RetryAfter = Left(state.RetryAfter, passed),
            ResetAfter = Left(state.ResetAfter, passed),
        }),
    ];

    private static TimeSpan Left(TimeSpan time, TimeSpan passed) => time > passed ? time - passed : TimeSpan.Zero;
}
