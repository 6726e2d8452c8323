namespace RedisResilience.RateLimiting.Requests;

/// <summary>Gives permits and takes them back. Its arguments have been checked.</summary>
internal interface IPermitSource
{
    /// <summary>
    /// Decides. The permits asked for are not more than the limit can ever give. A booked time is in
    /// <see cref="RateLimitDecision.RetryAfter"/>.
    /// </summary>
    ValueTask<RateLimitDecision> DecideAsync(string key, RateLimit limit, PermitRequest request, CancellationToken cancellationToken);

    /// <summary>Reports a denial that was decided without asking, because others wait already.</summary>
    void Tell(string key, RateLimit limit, in RateLimitDecision denial)
    {
    }

    /// <summary>
    /// Gives back booked permits. Their time has not come, so none of them has flowed in. A key that was reset gets nothing back.
    /// </summary>
    ValueTask<bool> ReturnBookedAsync(string key, RateLimit limit, RateLimitDecision booked, int permits);
}
