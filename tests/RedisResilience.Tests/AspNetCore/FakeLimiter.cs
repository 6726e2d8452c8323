using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.AspNetCore;

/// <summary>A limiter that decides what it is told to, and remembers what it was asked.</summary>
internal sealed class FakeLimiter : IRateLimiter
{
    public List<(string Key, RateLimit Limit, int Permits)> Asked { get; } = [];

    public List<(string Key, RateLimit Limit, int Permits)> Refunded { get; } = [];

    public List<TimeSpan> Waited { get; } = [];

    /// <summary>What ends the last wait.</summary>
    public CancellationToken Leaving { get; private set; }

    public Func<RateLimit, Task<RateLimitDecision>> Wait { get; set; } = limit => Task.FromResult(Allowed(limit));

    public Func<RateLimit, Task<RateLimitDecision>> Decide { get; set; } = limit => Task.FromResult(Allowed(limit));

    public static RateLimitDecision Allowed(RateLimit limit) => new()
    {
        IsAllowed = true,
        Limit = limit.Permits,
        Remaining = limit.Permits - 1,
        ResetAfter = TimeSpan.FromSeconds(3556.2),
        Source = DecisionSource.Redis,
    };

    public static RateLimitDecision Denied(RateLimit limit, double seconds) => new()
    {
        IsAllowed = false,
        Limit = limit.Permits,
        Remaining = 0,
        RetryAfter = TimeSpan.FromSeconds(seconds),
        ResetAfter = TimeSpan.FromSeconds(seconds),
        Source = DecisionSource.Redis,
    };

    /// <summary>What is known without asking; null when it is not.</summary>
    public Func<RateLimit, RateLimitDecision?> Know { get; set; } = _ => null;

    public bool TryAcquireLocally(string key, RateLimit limit, int permits, out RateLimitDecision decision)
    {
        var known = Know(limit);
        decision = known.GetValueOrDefault();
        return known is not null;
    }

    public ValueTask<RateLimitDecision> AcquireAsync(
        string key, RateLimit limit, int permits = 1, CancellationToken cancellationToken = default)
    {
        Asked.Add((key, limit, permits));
        return new ValueTask<RateLimitDecision>(Decide(limit));
    }

    public ValueTask<RateLimitDecision> AcquireUpToAsync(
        string key, RateLimit limit, int permits, CancellationToken cancellationToken = default) =>
        AcquireAsync(key, limit, permits, cancellationToken);

    public ValueTask<RateLimitDecision> WaitAsync(
        string key, RateLimit limit, int permits, TimeSpan maximumWait, CancellationToken cancellationToken = default)
    {
        Waited.Add(maximumWait);
        Leaving = cancellationToken;
        return new ValueTask<RateLimitDecision>(Wait(limit));
    }

    public ValueTask<bool> RefundAsync(string key, RateLimit limit, int permits = 1, CancellationToken cancellationToken = default)
    {
        Refunded.Add((key, limit, permits));
        return new(true);
    }

    public ValueTask<bool> ResetAsync(string key, RateLimit limit, CancellationToken cancellationToken = default) => new(true);
}
