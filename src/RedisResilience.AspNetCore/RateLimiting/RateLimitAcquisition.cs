using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>One policy's part in one request: what it is asked, and what it says.</summary>
internal sealed class RateLimitAcquisition(LimitDescription description, string key, int permits, bool tellsPartition)
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

    public string Key => key;

    public int Permits => permits;

    public RateLimitDecision Decision { get; private set; }

    public bool IsDecided => _state == State.Decided;

    public bool IsDenied => IsDecided && !Decision.IsAllowed;

    /// <summary>Whether there is somebody who counts: without a configured Redis there is not.</summary>
    public bool IsCounted => _state == State.NotAsked || Decision.Source != DecisionSource.None;

    /// <summary>What stands for the partition in the fields; empty where clients are not told of it.</summary>
    public string Partition { get; } = tellsPartition ? $";pk=:{PartitionKey.Identify(key)}:" : "";

    /// <summary>What one of the policy's limits has left; null when nobody knows, and for a limit that is not what denies the request.</summary>
    public QuotaState? StateAt(int index) =>
        IsDecided && Decision is { Source: not DecisionSource.None, IsDegraded: false, IsImpossible: false }
            ? QuotaState.Of(description, Decision, index)
            : null;

    /// <summary>The limits that deny the request, by the names that clients know.</summary>
    public IEnumerable<string> DenyingNames()
    {
        var denying = Enumerable.Range(0, description.Fields.Count)
            .Where(index => Decision.IsImpossible ? permits > description.Fields[index].Permits : StateAt(index) is not null)
            .ToArray();
        return (denying.Length > 0 ? denying.Select(index => description.Fields[index]) : description.Fields).Select(fields => fields.Name);
    }

    /// <summary>Decides what this process is certain of.</summary>
    public bool TryAcquireLocally(IRateLimiter limiter)
    {
        if (limiter.TryAcquireLocally(key, description.Limit, permits, out var decision))
        {
            Decide(decision);
        }

        return IsDecided;
    }

    public void Ask(IRateLimiter limiter, CancellationToken cancellationToken = default)
    {
#pragma warning disable CA2012 // Kept because all policies are asked before any is waited for; it is awaited once, in DecideAsync.
        _deciding = limiter.AcquireAsync(key, description.Limit, permits, cancellationToken);
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

    /// <summary>Takes back what was charged, without waiting for it to be done.</summary>
    public void GiveBack(IRateLimiter limiter)
    {
        if (!IsDecided || !Decision.IsAllowed)
        {
            return;
        }

        if (Decision.Lease is { } lease)
        {
            lease.Dispose();
        }
        else if (permits > 0 && !description.Limit.IsHeld && Decision.Source is DecisionSource.Redis or DecisionSource.Local)
        {
            _ = limiter.RefundAsync(key, description.Limit, permits).AsTask();
        }
    }

    private void Decide(in RateLimitDecision decision)
    {
        Decision = decision;
        _state = State.Decided;
    }
}
