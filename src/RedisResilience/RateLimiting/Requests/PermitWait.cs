namespace RedisResilience.RateLimiting.Requests;

/// <summary>Waiting for permits: booked where the limit can be booked, else asked for again when the answer said so.</summary>
internal sealed class PermitWait(IPermitSource source, TimeProvider timeProvider)
{
    // When nobody can say how long it will take: soon at first, and once a second in the end.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    public ValueTask<RateLimitDecision> WaitAsync(
        string key, RateLimit limit, int permits, TimeSpan maximumWait, CancellationToken cancellationToken) =>
        limit.CanBook
            ? BookAsync(key, limit, permits, maximumWait, cancellationToken)
            : AskAgainAsync(key, limit, permits, maximumWait, cancellationToken);

    private async ValueTask<RateLimitDecision> BookAsync(
        string key, RateLimit limit, int permits, TimeSpan maximumWait, CancellationToken cancellationToken)
    {
        // Not cancelled itself, and over within its deadline: of a call that nobody waits for, nobody would know what there is to give
        // back.
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
            await source.RefundAsync(key, limit, permits, CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        return booked with { RetryAfter = TimeSpan.Zero };
    }

    private async ValueTask<RateLimitDecision> AskAgainAsync(
        string key, RateLimit limit, int permits, TimeSpan maximumWait, CancellationToken cancellationToken)
    {
        var startedAt = timeProvider.GetTimestamp();
        var guess = ShortestPause;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var decision = await source.DecideAsync(
                key, limit, PermitRequest.Exactly(permits), CancellationToken.None).ConfigureAwait(false);
            var left = maximumWait - timeProvider.GetElapsedTime(startedAt);
            if (decision.IsAllowed || decision.IsImpossible || decision.IsDegraded || decision.RetryAfter > left || left <= TimeSpan.Zero)
            {
                return decision;
            }

            var pause = decision.RetryAfter;
            if (pause == TimeSpan.Zero)
            {
                pause = guess < left ? guess : left;
                guess = guess * 2 < LongestPause ? guess * 2 : LongestPause;
            }

            await PauseAsync(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    // Timers take whole milliseconds and drop the rest: whoever came earlier than he was told would be one too many, or be denied again.
    private Task PauseAsync(TimeSpan time, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(time.TotalMilliseconds))), timeProvider, cancellationToken);
}
