using System.Collections.Immutable;
using RedisResilience.RateLimiting.Local.Prefetch;

namespace RedisResilience.RateLimiting.Local.Denials;

/// <summary>One cost that Redis has denied, on this process's monotonic clock.</summary>
/// <param name="Cost">How many permits were asked for.</param>
/// <param name="CertainUntil">
/// Counted from when the call was sent. Redis decided later than that, so until here it would certainly deny again.
/// </param>
/// <param name="RetryAt">
/// Counted from when the answer came. Redis decided earlier than that, so from here on nobody is sent back too early.
/// </param>
/// <param name="ResetAt">When the key has all its permits again, counted as <paramref name="RetryAt"/>.</param>
/// <param name="Answer">What Redis said.</param>
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

    /// <summary>
    /// Whether Redis is to be asked whether it still denies: it may have been told to forget the key, by others or altogether.
    /// </summary>
    public bool IsToBeAskedAgain(long now) => now >= Volatile.Read(ref _askAgainAt);

    /// <summary>Lets one caller ask Redis again, and the others not until as much time has passed.</summary>
    public bool TryAskAgain(long now, long recheck)
    {
        var at = Volatile.Read(ref _askAgainAt);
        return now >= at && Interlocked.CompareExchange(ref _askAgainAt, now + recheck, at) == at;
    }

    /// <summary>The same answer, given later and here.</summary>
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
