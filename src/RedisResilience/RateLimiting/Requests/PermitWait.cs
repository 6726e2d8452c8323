namespace RedisResilience.RateLimiting.Requests;

/// <summary>
/// Waits for permits. If the limit can be booked, it books them ahead. Otherwise it asks again after the time that the answer gives.
/// </summary>
/// <param name="source">Decides.</param>
/// <param name="timeProvider">The clock of the waits.</param>
/// <param name="recheck">How long until the first caller in the queue asks about a denial again.</param>
internal sealed class PermitWait(IPermitSource source, TimeProvider timeProvider, TimeSpan recheck)
{
    // The pauses when the time is not known: short at first, and at last ten questions a second, for all waiting callers of this process
    // together.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    private readonly WaitLines _lines = new();

    public ValueTask<RateLimitDecision> WaitAsync(
        string key, RateLimit limit, int permits, TimeSpan maximumWait, CancellationToken cancellationToken) =>
        limit.CanBook
            ? BookAsync(key, limit, permits, maximumWait, cancellationToken)
            : AskAgainAsync(key, limit, permits, maximumWait, cancellationToken);

    private async ValueTask<RateLimitDecision> BookAsync(
        string key, RateLimit limit, int permits, TimeSpan maximumWait, CancellationToken cancellationToken)
    {
        // The call itself is not cancelled, and ends within its deadline. Without its reply, it would not be known what to give back.
        cancellationToken.ThrowIfCancellationRequested();
        var booked = await source.DecideAsync(
            key, limit, PermitRequest.Within(permits, maximumWait), CancellationToken.None).ConfigureAwait(false);
        if (!booked.IsAllowed || booked.RetryAfter == TimeSpan.Zero)
        {
            return booked;
        }

        try
        {
            await PauseAsync(booked.RetryAfter, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await source.ReturnBookedAsync(key, limit, booked, permits).ConfigureAwait(false);
            throw;
        }

        return booked with { RetryAfter = TimeSpan.Zero };
    }

    // First come, first served: a denied caller joins a queue, and so does a caller who comes while there is one.
    private async ValueTask<RateLimitDecision> AskAgainAsync(
        string key, RateLimit limit, int permits, TimeSpan maximumWait, CancellationToken cancellationToken)
    {
        var startedAt = timeProvider.GetTimestamp();
        var guess = ShortestPause;
        var place = maximumWait > TimeSpan.Zero ? _lines.JoinIfThere(limit, key) : null;
        var permitsLeft = 0;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var left = maximumWait - timeProvider.GetElapsedTime(startedAt);
                if (place is not null && !await IsCalledAsync(place, left, cancellationToken).ConfigureAwait(false))
                {
                    var denial = place.Denial.Now(timeProvider) with { Source = DecisionSource.Local };
                    source.Tell(key, limit, denial);
                    return denial;
                }

                var decision = await source.DecideAsync(
                    key, limit, PermitRequest.Exactly(permits), CancellationToken.None).ConfigureAwait(false);
                left = maximumWait - timeProvider.GetElapsedTime(startedAt);
                if (decision.IsAllowed || decision.IsImpossible || decision.IsDegraded
                    || decision.RetryAfter > left || left <= TimeSpan.Zero)
                {
                    permitsLeft = decision.IsAllowed ? decision.Remaining : 0;
                    return decision;
                }

                var known = new KnownDenial(decision, timeProvider.GetTimestamp());
                place ??= _lines.Join(limit, key, known);
                if (place.Deny(known))
                {
                    var pause = decision.RetryAfter > TimeSpan.Zero ? decision.RetryAfter : guess < left ? guess : left;
                    guess = guess * 2 < LongestPause ? guess * 2 : LongestPause;

                    // The count may be reset, or lost, while they wait.
                    await PauseAsync(pause < recheck ? pause : recheck, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            place?.Leave(permitsLeft);
        }
    }

    // False when the queue is known to wait for longer than this caller may, and when the caller's time is over.
    private async ValueTask<bool> IsCalledAsync(WaitingCall place, TimeSpan left, CancellationToken cancellationToken)
    {
        if (place.Turn.IsCompleted)
        {
            return true;
        }

        if (place.Denial.Now(timeProvider).RetryAfter > left || left <= TimeSpan.Zero)
        {
            return false;
        }

        try
        {
            await place.Turn.WaitAsync(left, timeProvider, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // Timers drop fractions of a millisecond. A caller who came too early would exceed the limit, or be denied again.
    private Task PauseAsync(TimeSpan time, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(time.TotalMilliseconds))), timeProvider, cancellationToken);
}
