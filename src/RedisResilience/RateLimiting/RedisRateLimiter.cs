using System.Runtime.CompilerServices;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;

namespace RedisResilience.RateLimiting;

/// <summary>Asks Redis for every decision, in one script and one round trip; without an answer, the limit's failure policy decides.</summary>
internal sealed class RedisRateLimiter : IRateLimiter, IPermitSource, IDisposable
{
    private readonly RedisCounts _counts;
    private readonly LeaseKeeper _leases;
    private readonly PermitWait _wait;
    private readonly InMemoryRateLimiter _local;
    private readonly TimeProvider _timeProvider;

    /// <param name="gateway">What talks to Redis.</param>
    /// <param name="timeProvider">The clock of this process: what waits and renews.</param>
    /// <param name="judge">The clock that limits are judged by. Null, and so it is outside of tests: the server's.</param>
    public RedisRateLimiter(IRedisGateway gateway, TimeProvider timeProvider, TimeProvider? judge = null)
    {
        _timeProvider = timeProvider;
        _counts = new RedisCounts(gateway, judge);
        _leases = new LeaseKeeper(new RedisLeases(_counts), timeProvider);
        _wait = new PermitWait(this, timeProvider);
        _local = new InMemoryRateLimiter(timeProvider);
    }

    public ValueTask<RateLimitDecision> AcquireAsync(string key, RateLimit limit, int permits = 1, CancellationToken cancellationToken = default)
    {
        AcquireArguments.Validate(key, limit, permits);
        return permits > limit.Permits
            ? Impossible(limit, cancellationToken)
            : DecideAsync(key, limit, PermitRequest.Exactly(permits), cancellationToken);
    }

    public ValueTask<RateLimitDecision> AcquireUpToAsync(string key, RateLimit limit, int permits, CancellationToken cancellationToken = default)
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
            ? Impossible(limit, cancellationToken)
            : _wait.WaitAsync(key, limit, permits, maximumWait, cancellationToken);
    }

    public ValueTask<bool> RefundAsync(string key, RateLimit limit, int permits = 1, CancellationToken cancellationToken = default)
    {
        AcquireArguments.ValidateRefund(key, limit, permits);
        var request = PermitRequest.Return(Math.Min(permits, limit.Permits));
        return IsAnsweredAsync(_counts.EvaluateAsync(key, limit, request, cancellationToken));
    }

    public ValueTask<bool> ResetAsync(string key, RateLimit limit, CancellationToken cancellationToken = default)
    {
        AcquireArguments.Validate(key, limit);
        return IsAnsweredAsync(_counts.DeleteAsync(key, limit, cancellationToken));
    }

    public ValueTask<RateLimitDecision> DecideAsync(string key, RateLimit limit, PermitRequest request, CancellationToken cancellationToken)
    {
        var askedAt = limit is Concurrency ? _timeProvider.GetTimestamp() : 0;
        var answer = _counts.EvaluateAsync(key, limit, request, cancellationToken);
        return answer.IsCompletedSuccessfully
            ? new ValueTask<RateLimitDecision>(Decide(key, limit, request, askedAt, answer.Result))
            : AwaitAsync(key, limit, request, askedAt, answer);
    }

    public void Dispose()
    {
        _leases.Dispose();
        _local.Dispose();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<RateLimitDecision> AwaitAsync(
        string key, RateLimit limit, PermitRequest request, long askedAt, ValueTask<Answer<ScriptReply>> answer) =>
        Decide(key, limit, request, askedAt, await answer.ConfigureAwait(false));

    private RateLimitDecision Decide(string key, RateLimit limit, in PermitRequest request, long askedAt, Answer<ScriptReply> answer)
    {
        if (!answer.IsAnswered)
        {
            return DecideAlone(key, limit, request);
        }

        var decision = limit.Decide(request, answer.Value, RateLimitDecider.Redis);
        ResilienceMetrics.RecordDecision(decision.IsAllowed, "redis");
        return limit is Concurrency concurrency && decision.Granted > 0
            ? decision with { Lease = _leases.Hold(key, concurrency, new HeldLease(answer.Value.Fifth, decision.Granted), askedAt) }
            : decision;
    }

    private RateLimitDecision DecideAlone(string key, RateLimit limit, in PermitRequest request)
    {
        var decision = limit.FailurePolicy == FailurePolicy.Local
            ? _local.Decide(key, limit, request) with { Decider = RateLimitDecider.FailurePolicy }
            : RateLimitDecision.Uncounted(limit.FailurePolicy == FailurePolicy.Allow, limit, (int)Math.Min(request.Most, limit.Permits), RateLimitDecider.FailurePolicy);
        ResilienceMetrics.RecordDecision(decision.IsAllowed, "failure_policy");
        return decision;
    }

    private static ValueTask<RateLimitDecision> Impossible(RateLimit limit, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<RateLimitDecision>(cancellationToken)
            : new ValueTask<RateLimitDecision>(RateLimitDecision.Impossible(limit));

    private static async ValueTask<bool> IsAnsweredAsync<T>(ValueTask<Answer<T>> answer) => (await answer.ConfigureAwait(false)).IsAnswered;
}
