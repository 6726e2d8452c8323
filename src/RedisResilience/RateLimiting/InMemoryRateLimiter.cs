using BitFaster.Caching.Lru;
using RedisResilience.RateLimiting.Leases;
using RedisResilience.RateLimiting.Limits;
using RedisResilience.RateLimiting.Local;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting;

// As in the interface: a default can never decide between the two ways to give back.
#pragma warning disable RS0026

/// <summary>
/// A limiter with the contract of <see cref="IRateLimiter"/> that counts in this process only: for unit tests, and for applications with
/// one process.
/// </summary>
/// <remarks>
/// It calculates as Redis does, with the time of a <see cref="TimeProvider"/>. Its memory is bounded: when there are more keys than its
/// capacity, it forgets the keys that have not been asked for the longest time. Such a key begins again with nothing taken.
/// </remarks>
public sealed class InMemoryRateLimiter : IRateLimiter, IPermitSource, ILeaseStore, IDisposable
{
    /// <summary>How many keys are remembered by default.</summary>
    public const int DefaultCapacity = 10_000;

    private static readonly long Epoch = DateTimeOffset.UnixEpoch.Ticks / TimeSpan.TicksPerMicrosecond;

    // What is held ends by the clock that its renewals go by, which nobody can set.
    private readonly LocalClock _leaseClock;
    private readonly ConcurrentLru<(string? Name, string Key), KeyCounter> _holders;
    private readonly TimeProvider _timeProvider;
    private readonly LeaseKeeper _leases;
    private readonly PermitWait _wait;

    /// <summary>A limiter that has counted nothing yet.</summary>
    /// <param name="timeProvider">The clock. Default: null, the system's.</param>
    /// <param name="capacity">How many keys to remember, from 3. Default: <see cref="DefaultCapacity"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than 3.</exception>
    public InMemoryRateLimiter(TimeProvider? timeProvider = null, int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 3);
        _timeProvider = timeProvider ?? TimeProvider.System;
        _holders = new ConcurrentLru<(string? Name, string Key), KeyCounter>(capacity);
        _leaseClock = new LocalClock(_timeProvider);
        _leases = new LeaseKeeper(this, _timeProvider);
        _wait = new PermitWait(this, _timeProvider, RedisResilienceOptions.DefaultDenialRecheckInterval);
    }

    /// <summary>How many keys are remembered.</summary>
    internal int Count => _holders.Count;

    private long LeaseNow => _leaseClock.MicrosecondsAt(_leaseClock.Now);

    private long Now => (_timeProvider.GetUtcNow().Ticks / TimeSpan.TicksPerMicrosecond) - Epoch;

    /// <inheritdoc/>
    public ValueTask<RateLimitDecision> AcquireAsync(
        string key, RateLimit limit, int permits = 1, CancellationToken cancellationToken = default)
    {
        AcquireArguments.Validate(key, limit, permits);
        return ((IPermitSource)this).DecideAsync(key, limit, PermitRequest.Exactly(permits), cancellationToken);
    }

    /// <inheritdoc/>
    public bool TryAcquireLocally(string key, RateLimit limit, int permits, out RateLimitDecision decision)
    {
        AcquireArguments.Validate(key, limit, permits);
        decision = permits > limit.Permits ? RateLimitDecision.Impossible(limit) : Decide(key, limit, PermitRequest.Exactly(permits));
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<RateLimitDecision> AcquireUpToAsync(
        string key, RateLimit limit, int permits, CancellationToken cancellationToken = default)
    {
        AcquireArguments.Validate(key, limit, permits);
        return ((IPermitSource)this).DecideAsync(key, limit, PermitRequest.UpTo(Math.Min(permits, limit.Permits)), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<RateLimitDecision> WaitAsync(
        string key, RateLimit limit, int permits, TimeSpan maximumWait, CancellationToken cancellationToken = default)
    {
        AcquireArguments.Validate(key, limit, permits);
        AcquireArguments.ValidateWait(maximumWait);
        return _wait.WaitAsync(key, limit, permits, maximumWait, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<bool> RefundAsync(string key, RateLimit limit, int permits = 1, CancellationToken cancellationToken = default)
    {
        AcquireArguments.ValidateRefund(key, limit, permits);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        Decide(key, limit, PermitRequest.Return(Math.Min(permits, limit.Permits)));
        return new ValueTask<bool>(true);
    }

    /// <inheritdoc/>
    public ValueTask<bool> RefundAsync(
        string key, RateLimit limit, RateLimitDecision decision, int? permits = null, CancellationToken cancellationToken = default)
    {
        AcquireArguments.ValidateRefund(key, limit, permits ?? 0);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        if (Math.Min(permits ?? decision.Granted, decision.Granted) is > 0 and var back && decision.Origin.Counter == Holder(key, limit))
        {
            Decide(key, limit, PermitRequest.Return(back, decision.TimesForReturn(limit, decision.Origin.Time)));
        }

        return new ValueTask<bool>(true);
    }

    /// <inheritdoc/>
    public ValueTask<bool> ResetAsync(string key, RateLimit limit, CancellationToken cancellationToken = default)
    {
        AcquireArguments.Validate(key, limit);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        _holders.TryRemove((limit.Name, key));
        return new ValueTask<bool>(true);
    }

    /// <summary>Stops renewing leases. Their holders lose them.</summary>
    public void Dispose() => _leases.DisposeAsync().AsTask().GetAwaiter().GetResult();

    internal RateLimitDecision Decide(string key, RateLimit limit, in PermitRequest request)
    {
        var askedAt = limit.IsHeld ? _timeProvider.GetTimestamp() : 0;
        var holder = Holder(key, limit);
        var reply = holder.Answer(limit, request, limit.IsHeld ? LeaseNow : Now);
        var decision = limit.Decide(request, reply, DecisionSource.Local, askedAt) with
        {
            Origin = new PermitOrigin(reply.Fifth, askedAt, holder),
        };
        return !limit.IsHeld || !decision.IsAllowed ? decision
            : decision with
            {
                Lease = decision.Granted == 0
                    ? new ConcurrencyLease(permits: 0)
                    : Hold(key, limit, decision.Granted, reply.Fifth, askedAt)
            };
    }

    ValueTask<RateLimitDecision> IPermitSource.DecideAsync(
        string key, RateLimit limit, PermitRequest request, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<RateLimitDecision>(cancellationToken)
        : new ValueTask<RateLimitDecision>(
            request.Unit > limit.Permits ? RateLimitDecision.Impossible(limit) : Decide(key, limit, request));

    ValueTask<bool> IPermitSource.ReturnBookedAsync(string key, RateLimit limit, RateLimitDecision booked, int permits) =>
        booked.Origin.Counter == Holder(key, limit) ? RefundAsync(key, limit, permits) : new ValueTask<bool>(true);

    ValueTask<long?> ILeaseStore.RenewAsync(params ReadOnlySpan<HeldLease> leases) => new(Holder(leases[0]).Renew(leases, LeaseNow));

    ValueTask<long?> ILeaseStore.ReleaseAsync(params ReadOnlySpan<HeldLease> leases) => new(Holder(leases[0]).Release(leases));

    // Here the name of a lease is its token.
    private ConcurrencyLease Hold(string key, RateLimit limit, int permits, long name, long askedAt) =>
        _leases.Hold(limit.ToLease(LocalKey.Of(key, limit), name, permits), name, askedAt);

    private KeyCounter Holder(HeldLease lease) => Holder(lease.Key.Key, lease.Limit);

    private KeyCounter Holder(string key, RateLimit limit) => _holders.GetOrAdd((limit.Name, key), static _ => new KeyCounter());
}
