namespace RedisResilience.RateLimiting.Local;

/// <summary>The ways to an answer, as those who wait for one together need them.</summary>
internal interface IAcquirePath
{
    /// <summary>Answers without Redis what is certain without it.</summary>
    bool TryAnswer(string key, RateLimit limit, int permits, out RateLimitDecision decision);

    /// <summary>Takes up to <paramref name="count"/> times <paramref name="unit"/> permits in Redis. Null: no answer.</summary>
    ValueTask<RateLimitDecision?> TakeAsync(string key, RateLimit limit, int unit, int count, CancellationToken cancellationToken);

    /// <summary>What the limit's failure policy says.</summary>
    RateLimitDecision Fail(string key, RateLimit limit, int permits);
}
