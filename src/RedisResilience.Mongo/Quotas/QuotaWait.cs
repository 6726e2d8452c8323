using RedisResilience.RateLimiting;

namespace RedisResilience.Mongo.Quotas;

/// <summary>Asks for permits, waits for the time that the answer gives, and asks again.</summary>
internal static class QuotaWait
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static ValueTask<RateLimitDecision> WaitAsync(
        Func<ValueTask<RateLimitDecision>> acquire, TimeSpan maximumWait, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumWait, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumWait, Longest);
        return AskAgainAsync(acquire, maximumWait, time, cancellationToken);
    }

    private static async ValueTask<RateLimitDecision> AskAgainAsync(
        Func<ValueTask<RateLimitDecision>> acquire, TimeSpan maximumWait, TimeProvider time, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        while (true)
        {
            var decision = await acquire().ConfigureAwait(false);
            var left = maximumWait - time.GetElapsedTime(startedAt);
            if (decision.IsAllowed || decision.IsImpossible || decision.IsDegraded || decision.RetryAfter > left || left <= TimeSpan.Zero)
            {
                return decision;
            }

            // A denial whose time comes in this very millisecond.
            var pause = decision.RetryAfter > TimeSpan.Zero ? decision.RetryAfter : TimeSpan.FromMilliseconds(1);
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
