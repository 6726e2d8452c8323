using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting;

// As in the interface: a default can never decide between the two ways to give back.
#pragma warning disable RS0026

/// <summary>
/// A limiter that allows every call and counts nothing: it is the <see cref="IRateLimiter"/> when no Redis is configured, and it is useful
/// in unit tests.
/// </summary>
/// <remarks>It denies only a call for more permits than the limit can ever give, so that this mistake shows before production.</remarks>
public sealed class NoOpRateLimiter : IRateLimiter
{
    private readonly Action<string>? _tellNotEnforced;

    /// <param name="tellNotEnforced">Called with the name of each limit that would deny in an outage and that is not enforced here.</param>
    internal NoOpRateLimiter(Action<string>? tellNotEnforced) => _tellNotEnforced = tellNotEnforced;

    /// <summary>The instance for code without a service container. It has no state.</summary>
    public static NoOpRateLimiter Instance { get; } = new(tellNotEnforced: null);

    /// <inheritdoc/>
    public ValueTask<RateLimitDecision> AcquireAsync(
        string key, RateLimit limit, int permits = 1, CancellationToken cancellationToken = default)
    {
        AcquireArguments.Validate(key, limit, permits);
        return Answer(permits > limit.Permits ? RateLimitDecision.Impossible(limit) : Allowed(limit, permits), cancellationToken);
    }

    /// <inheritdoc/>
    public bool TryAcquireLocally(string key, RateLimit limit, int permits, out RateLimitDecision decision)
    {
        AcquireArguments.Validate(key, limit, permits);
        decision = permits > limit.Permits ? RateLimitDecision.Impossible(limit) : Allowed(limit, permits);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<RateLimitDecision> AcquireUpToAsync(
        string key, RateLimit limit, int permits, CancellationToken cancellationToken = default)
    {
        AcquireArguments.Validate(key, limit, permits);
        return Answer(Allowed(limit, Math.Min(permits, limit.Permits)), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<RateLimitDecision> WaitAsync(
        string key, RateLimit limit, int permits, TimeSpan maximumWait, CancellationToken cancellationToken = default)
    {
        AcquireArguments.ValidateWait(maximumWait);
        return AcquireAsync(key, limit, permits, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<bool> RefundAsync(string key, RateLimit limit, int permits = 1, CancellationToken cancellationToken = default)
    {
        AcquireArguments.ValidateRefund(key, limit, permits);
        return Answer(true, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<bool> RefundAsync(
        string key, RateLimit limit, RateLimitDecision decision, int? permits = null, CancellationToken cancellationToken = default) =>
        RefundAsync(key, limit, permits ?? 0, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ResetAsync(string key, RateLimit limit, CancellationToken cancellationToken = default)
    {
        AcquireArguments.Validate(key, limit);
        return Answer(true, cancellationToken);
    }

    private RateLimitDecision Allowed(RateLimit limit, int permits)
    {
        if (limit.FailurePolicy == FailurePolicy.Deny)
        {
            _tellNotEnforced?.Invoke(limit.Name ?? limit.ToString());
        }

        return RateLimitDecision.Uncounted(isAllowed: true, limit, permits, DecisionSource.None);
    }

    private static ValueTask<T> Answer<T>(T answer, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<T>(cancellationToken) : new ValueTask<T>(answer);
}
