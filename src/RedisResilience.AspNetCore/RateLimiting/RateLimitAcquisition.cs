using System.Diagnostics.CodeAnalysis;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>The charge of one request by one policy: the question, and the decision.</summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "The token source has "
    + "no timer and no handle that anybody asked for.")]
internal sealed class RateLimitAcquisition(
    IRateLimiter limiter, string policyName, RateLimitPolicy policy, LimitDescription description, string key, int permits)
{
    private static readonly RateLimitPolicy Plain = new(static _ => null);

    private ValueTask<RateLimitDecision> _deciding;
    private State _state;
    private CancellationTokenSource? _inVain;

    /// <summary>Makes a charge for a limit without a policy.</summary>
    public RateLimitAcquisition(IRateLimiter limiter, LimitDescription description, string key, int permits)
        : this(limiter, LimitDescription.DefaultName, Plain, description, key, permits)
    {
    }

    private enum State
    {
        NotAsked,
        Asked,
        Decided,
    }

    public string PolicyName => policyName;

    public RateLimitPolicy Policy => policy;

    public LimitDescription Description => description;

    public string Key => key;

    public int Permits => permits;

    public RateLimitDecision Decision { get; private set; }

    public bool IsDecided => _state == State.Decided;

    /// <summary>Whether the policy denies the request. A policy with a dry run never does.</summary>
    public bool IsDenied => IsDecided && !Decision.IsAllowed && !policy.IsDryRun;

    /// <summary>Whether it may take longer than an answer does.</summary>
    public bool IsWaiting => _inVain is not null && _state == State.Asked;

    /// <summary>Whether the limit was counted. It is not without a configured Redis.</summary>
    public bool IsCounted => !IsDecided || Decision.Source != DecisionSource.None;

    /// <summary>The partition in the fields. Empty if the fields do not have it.</summary>
    public string Partition { get; } = policy.TellsPartition ? $";pk=:{PartitionKey.Identify(key)}:" : "";

    /// <summary>
    /// What one of the policy's limits has left. Null when it is not known, and for a limit that does not deny a denied request.
    /// </summary>
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
    public bool TryAcquireLocally()
    {
        if (limiter.TryAcquireLocally(key, description.Limit, permits, out var decision))
        {
            Decide(decision);
        }

        return IsDecided;
    }

    /// <param name="cancellationToken">Ends the wait for an answer. A request that was sent cannot be called back.</param>
    /// <param name="gone">
    /// Cancelled when the client has left, which ends a wait for permits. The command deadline bounds everything else.
    /// </param>
    public void Ask(CancellationToken cancellationToken, CancellationToken gone = default)
    {
#pragma warning disable CA2012 // Kept because all policies are asked before any is waited for; it is awaited once, in DecideAsync.
        // Who only tries out a policy delays nobody.
        _deciding = policy is { IsDryRun: false, MaximumWait.Ticks: > 0 }
            ? WaitAsync(gone)
            : limiter.AcquireAsync(key, description.Limit, permits, cancellationToken);
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
            // What is awaited once cannot be awaited again, also where it has failed.
            _state = State.NotAsked;
            Decide(await _deciding.ConfigureAwait(false));
        }
    }

    /// <summary>Takes back what was charged, and waits no longer where it has not been yet.</summary>
    public async ValueTask GiveBackAsync()
    {
        _inVain?.Cancel();
        try
        {
            await DecideAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        if (!IsDecided || !Decision.IsAllowed)
        {
            return;
        }

        if (Decision.Lease is { } lease)
        {
            await lease.DisposeAsync().ConfigureAwait(false);
        }
        else if (permits > 0 && !description.Limit.IsHeld && Decision.Source is DecisionSource.Redis or DecisionSource.Local)
        {
            await limiter.RefundAsync(key, description.Limit, Decision, permits).ConfigureAwait(false);
        }
    }

    // Who finds the queue full is decided at once.
    private async ValueTask<RateLimitDecision> WaitAsync(CancellationToken gone)
    {
        if (!policy.TryEnterQueue())
        {
            return await limiter.AcquireAsync(key, description.Limit, permits, CancellationToken.None).ConfigureAwait(false);
        }

        try
        {
            _inVain = new CancellationTokenSource();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, _inVain.Token);
            return await limiter.WaitAsync(key, description.Limit, permits, policy.MaximumWait, either.Token).ConfigureAwait(false);
        }
        finally
        {
            policy.LeaveQueue();
        }
    }

    private void Decide(in RateLimitDecision decision)
    {
        Decision = decision;
        _state = State.Decided;
    }
}
