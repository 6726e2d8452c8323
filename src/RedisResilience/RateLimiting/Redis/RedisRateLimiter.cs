using BitFaster.Caching.Lru;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Recovery;
using RedisResilience.RateLimiting.Leases;
using RedisResilience.RateLimiting.Local;
using RedisResilience.RateLimiting.Local.Denials;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Redis;

/// <summary>
/// Asks Redis for every decision of which this process is not certain, with one script and one round trip. Without an answer, the limit's
/// failure policy decides.
/// </summary>
internal sealed class RedisRateLimiter : IRateLimiter, IPermitSource, IAsyncDisposable, IDisposable
{
    private readonly RedisCounts _counts;
    private readonly LeaseKeeper _leases;
    private readonly LeaseAcquirePath _held;
    private readonly PermitWait _wait;
    private readonly LocalKnowledge _local;
    private readonly Refunds _refunds;
    private readonly PermitReturns _returns;
    private readonly AcquirePath _path;
    private readonly bool _isJudgedElsewhere;

    /// <param name="gateway">The gateway to Redis.</param>
    /// <param name="timeProvider">The clock of this process: what waits and renews.</param>
    /// <param name="judge">The clock that limits are judged by. Null, and so it is outside of tests: the server's. With another clock, no
    /// local answer is certain.</param>
    /// <param name="recovery">The recovery after an outage. Null when nothing must be reported before.</param>
    /// <param name="localKeys">How many keys this node remembers something of.</param>
    /// <param name="denialRecheck">How long until one caller asks Redis about a denial again. Null for the default of the options.</param>
    public RedisRateLimiter(
        IRedisGateway gateway,
        TimeProvider timeProvider,
        TimeProvider? judge = null,
        IRedisRecovery? recovery = null,
        int localKeys = RedisResilienceOptions.DefaultMaximumLocalKeys,
        TimeSpan? denialRecheck = null)
    {
        _isJudgedElsewhere = judge is not null;
        _counts = new RedisCounts(gateway, judge);
        _leases = new LeaseKeeper(new RedisLeases(_counts), timeProvider);
        var recheck = denialRecheck ?? RedisResilienceOptions.DefaultDenialRecheckInterval;
        _wait = new PermitWait(this, timeProvider, recheck);

        // What is known here is known by the clock that judges.
        var clock = judge ?? timeProvider;
        var nodes = new NodeRegistry(gateway, clock);
        _refunds = new Refunds(_counts, nodes, clock, new FastConcurrentLru<LocalKey, long>(localKeys));
        _returns = new PermitReturns(_counts, _refunds, clock);
        _local = new LocalKnowledge(
            _counts, nodes, _refunds, _returns, _leases, clock, localKeys, recheck);
        _path = new AcquirePath(_counts, _local, _refunds, _returns, timeProvider);
        _held = new LeaseAcquirePath(_counts, _local, _leases, timeProvider);
        _counts.LateReplies = new LateGrants(_refunds, _returns, _local, clock);
        recovery?.Add(_leases.Returns);
        recovery?.Add(_returns);
        recovery?.Add(_leases);
        recovery?.Add(_local.Recovery);
    }

    public ValueTask<RateLimitDecision> AcquireAsync(
        string key, RateLimit limit, int permits = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(limit);
        var known = LocalKey.Of(key, limit);
        if (!_isJudgedElsewhere && !cancellationToken.IsCancellationRequested)
        {
            var decision = _local.Answer(known, limit, permits, DenialUse.Acquire);
            if (decision.IsMade)
            {
                DecisionTelemetry.Record(decision, DecisionTelemetry.Locally, key, limit);
                return new ValueTask<RateLimitDecision>(decision);
            }
        }

        AcquireArguments.Validate(key, limit, permits);
        return permits > limit.Permits ? Impossible(key, limit, cancellationToken)
            : permits == 0 || limit.IsHeld ? DecideAsync(key, limit, PermitRequest.Exactly(permits), cancellationToken)
            : _path.AcquireAsync(known, limit, permits, cancellationToken);
    }

    public bool TryAcquireLocally(string key, RateLimit limit, int permits, out RateLimitDecision decision)
    {
        AcquireArguments.Validate(key, limit, permits);
        if (permits > limit.Permits)
        {
            decision = RateLimitDecision.Impossible(limit);
            return true;
        }

        decision = _local.Answer(LocalKey.Of(key, limit), limit, permits, DenialUse.Look);
        if (decision is { IsMade: true, IsAllowed: true })
        {
            // Whoever is denied here asks again, as the platform's middleware does, and is counted then.
            DecisionTelemetry.Record(decision, DecisionTelemetry.Locally, key, limit);
        }

        return decision.IsMade;
    }

    public ValueTask<RateLimitDecision> AcquireUpToAsync(
        string key, RateLimit limit, int permits, CancellationToken cancellationToken = default)
    {
        AcquireArguments.Validate(key, limit, permits);
        return DecideAsync(key, limit, PermitRequest.UpTo(Math.Min(permits, limit.Permits)), cancellationToken);
    }

    public ValueTask<RateLimitDecision> WaitAsync(
        string key, RateLimit limit, int permits, TimeSpan maximumWait, CancellationToken cancellationToken = default)
    {
        AcquireArguments.Validate(key, limit, permits);
        AcquireArguments.ValidateWait(maximumWait);
        return permits > limit.Permits
            ? Impossible(key, limit, cancellationToken)
            : _wait.WaitAsync(key, limit, permits, maximumWait, cancellationToken);
    }

    public ValueTask<bool> RefundAsync(string key, RateLimit limit, int permits = 1, CancellationToken cancellationToken = default)
    {
        AcquireArguments.ValidateRefund(key, limit, permits);
        if (limit.MaximumPrefetch > 0 && !cancellationToken.IsCancellationRequested)
        {
            _local.GiveBack(LocalKey.Of(key, limit), limit, permits);
            return new ValueTask<bool>(true);
        }

        var request = PermitRequest.Return(Math.Min(permits, limit.Permits));
        return ForgetAsync(key, limit, _counts.EvaluateAsync(key, limit, request, cancellationToken), isReset: false);
    }

    public ValueTask<bool> RefundAsync(
        string key, RateLimit limit, RateLimitDecision decision, int? permits = null, CancellationToken cancellationToken = default)
    {
        AcquireArguments.ValidateRefund(key, limit, permits ?? 0);
        var back = Math.Min(permits ?? decision.Granted, decision.Granted);
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<bool>(cancellationToken)
            : back <= 0 || decision.Source is not (DecisionSource.Redis or DecisionSource.Local)
                ? new ValueTask<bool>(back <= 0 || decision.Source == DecisionSource.None)
            : _path.RefundAsync(LocalKey.Of(key, limit), limit, decision, back, cancellationToken);
    }

    public ValueTask<bool> ResetAsync(string key, RateLimit limit, CancellationToken cancellationToken = default)
    {
        AcquireArguments.Validate(key, limit);
        return ForgetAsync(key, limit, _counts.DeleteAsync(key, limit, cancellationToken), isReset: true);
    }

    public ValueTask<RateLimitDecision> DecideAsync(
        string key, RateLimit limit, PermitRequest request, CancellationToken cancellationToken) =>
        limit.IsHeld
            ? _held.DecideAsync(key, limit, request, cancellationToken)
            : _path.DecideAsync(LocalKey.Of(key, limit), limit, request, cancellationToken);

    ValueTask<bool> IPermitSource.ReturnBookedAsync(string key, RateLimit limit, RateLimitDecision booked, int permits) =>
        _refunds.IsForgotten(LocalKey.Of(key, limit), booked.Origin.AskedAt) ? new ValueTask<bool>(true) : RefundAsync(key, limit, permits);

    void IPermitSource.Tell(string key, RateLimit limit, in RateLimitDecision denial) =>
        DecisionTelemetry.Record(denial, DecisionTelemetry.Locally, key, limit);

    // For containers that are disposed synchronously. All that is given back is given back within one deadline.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        await _leases.DisposeAsync().ConfigureAwait(false);
        await _local.DisposeAsync().ConfigureAwait(false);
        await _returns.DisposeAsync().ConfigureAwait(false);
    }

    private static ValueTask<RateLimitDecision> Impossible(string key, RateLimit limit, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<RateLimitDecision>(cancellationToken);
        }

        var denial = RateLimitDecision.Impossible(limit);
        DecisionTelemetry.Record(denial, DecisionTelemetry.Locally, key, limit);
        return new ValueTask<RateLimitDecision>(denial);
    }

    // Also when there is no answer: it may have been done.
    private async ValueTask<bool> ForgetAsync<T>(string key, RateLimit limit, ValueTask<Answer<T>> pending, bool isReset)
    {
        var answer = await pending.ConfigureAwait(false);
        var known = LocalKey.Of(key, limit);
        _local.Forget(known, isReset);
        if (isReset)
        {
            _refunds.Forget(known);
        }

        return answer.IsAnswered;
    }
}
