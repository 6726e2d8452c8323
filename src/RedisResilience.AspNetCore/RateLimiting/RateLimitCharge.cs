using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>One policy's part in one request: what it is asked, and what it says.</summary>
internal sealed class RateLimitCharge(LimitDescription description, string key, int permits, bool tellsPartition)
{
    private ValueTask<RateLimitDecision> _deciding;
    private State _state;

    private enum State
    {
        NotAsked,
        Asked,
        Decided,
    }

    public LimitDescription Description => description;

    public RateLimitDecision Decision { get; private set; }

    public bool IsDenied => _state == State.Decided && !Decision.IsAllowed;

    /// <summary>Whether there is somebody who counts: without a configured Redis there is not.</summary>
    public bool IsCounted => _state == State.NotAsked || Decision.Decider != RateLimitDecider.None;

    /// <summary>The limits that deny the request, by the names that clients know.</summary>
    public IEnumerable<string> DenyingNames => description.Fields.Select(fields => fields.Name);

    /// <summary>When a denied client should come back, at least 1.</summary>
    public long RetryAfterSeconds =>
        Math.Max(1, WholeSeconds.Up(Decision.RetryAfter > TimeSpan.Zero || Decision.IsDegraded ? Decision.RetryAfter : Decision.ResetAfter));

    /// <summary>What stands for the partition in the fields; empty where clients are not told of it.</summary>
    public string Partition => tellsPartition ? $";pk=:{PartitionKey.Identify(key)}:" : "";

    /// <summary>What one of the policy's limits has left; null when nobody knows.</summary>
    public QuotaState? StateAt(int index)
    {
        if (_state == State.NotAsked || !IsCounted || Decision.IsDegraded)
        {
            return null;
        }

        var seconds = Decision.IsAllowed ? WholeSeconds.Up(Decision.ResetAfter) : RetryAfterSeconds;
        return new QuotaState(description.Fields[index], Decision.Remaining, seconds);
    }

    public void Ask(IRateLimiter limiter)
    {
        // The command deadline bounds the answer, so no token is handed on: a request that was sent cannot be called back.
#pragma warning disable CA2012 // Kept because all policies are asked before any is waited for; it is awaited once, in DecideAsync.
        _deciding = limiter.AcquireAsync(key, description.Limit, permits);
#pragma warning restore CA2012
        _state = State.Asked;
        if (_deciding.IsCompletedSuccessfully)
        {
            Decide(_deciding.Result);
        }
    }

    public async ValueTask DecideAsync()
    {
        if (_state == State.Asked)
        {
            Decide(await _deciding.ConfigureAwait(false));
        }
    }

    private void Decide(in RateLimitDecision decision)
    {
        Decision = decision;
        _state = State.Decided;
    }
}
