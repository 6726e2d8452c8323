using RedisResilience.RateLimiting.Local;

namespace RedisResilience.RateLimiting.Redis;

/// <summary>The ways to an answer, as those who wait for one together need them.</summary>
internal interface IAcquirePath
{
    /// <summary>Answers without Redis what is certain without it. Not made: nothing is.</summary>
    RateLimitDecision Answer(in LocalKey key, RateLimit limit, int permits);

    /// <summary>
    /// Takes permits in Redis for callers who ask for <paramref name="unit"/> each, for as many of them as there are permits. Null: no
    /// answer.
    /// </summary>
    /// <param name="key">Who is limited.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="unit">What each caller asks for.</param>
    /// <param name="callers">How many they are.</param>
    /// <param name="since">The timestamp when the first of them asked: none of them waits longer than the command deadline.</param>
    ValueTask<RateLimitDecision?> TakeAsync(LocalKey key, RateLimit limit, int unit, int callers, long since);

    /// <summary>What the limit's failure policy says.</summary>
    RateLimitDecision Fail(in LocalKey key, RateLimit limit, int permits);
}
