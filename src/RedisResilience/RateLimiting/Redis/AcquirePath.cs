using System.Runtime.CompilerServices;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Local;
using RedisResilience.RateLimiting.Local.Denials;
using RedisResilience.RateLimiting.Local.Sharing;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Redis;

/// <summary>Asks Redis for permits, together with other callers who ask for the same.</summary>
internal sealed class AcquirePath
{
    private readonly RedisCounts _counts;
    private readonly LocalKnowledge _local;
    private readonly Refunds _refunds;
    private readonly PermitReturns _returns;
    private readonly SharedCalls _shared;

    public AcquirePath(RedisCounts counts, LocalKnowledge local, Refunds refunds, PermitReturns returns, TimeProvider timeProvider)
    {
        (_counts, _local, _refunds, _returns) = (counts, local, refunds, returns);
        _shared = new SharedCalls(this, timeProvider);
    }

    public ValueTask<RateLimitDecision> AcquireAsync(in LocalKey key, RateLimit limit, int permits, CancellationToken cancellationToken)
    {
        if (_counts.IsAway && !cancellationToken.IsCancellationRequested)
        {
            return new ValueTask<RateLimitDecision>(_local.Fail(key, limit, PermitRequest.Exactly(permits)));
        }

        return _shared.Join(key, limit, permits, cancellationToken) is { } joined
            ? new ValueTask<RateLimitDecision>(joined)
            : SendAsync(NewRequest(key, limit, permits, callers: 1, cancellationToken));
    }

    /// <summary>Makes a call that is not shared: a look, a call for as many permits as there are, or a booking.</summary>
    public ValueTask<RateLimitDecision> DecideAsync(
        in LocalKey key, RateLimit limit, in PermitRequest permits, CancellationToken cancellationToken) =>
        SendAsync(new AcquireRequest(key, limit, permits, _local.Now, cancellationToken));

    /// <summary>
    /// Takes permits for callers who ask for one unit each, for as many of them as there are permits. Null without an answer.
    /// </summary>
    /// <param name="key">Who is limited.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="unit">The permits of each caller.</param>
    /// <param name="callers">How many they are.</param>
    /// <param name="startedAt">When the first caller asked. No caller waits longer than the command deadline.</param>
    public async ValueTask<RateLimitDecision?> TakeAsync(LocalKey key, RateLimit limit, int unit, int callers, long startedAt)
    {
        var request = NewRequest(key, limit, unit, callers, CancellationToken.None);
        var answer = await _counts.Since(startedAt).AcquireAsync(request).ConfigureAwait(false);
        return answer.IsAnswered
            ? _local.Learn(request, limit.Decide(request.Permits, answer.Value, DecisionSource.Redis, request.AskedAt))
            : null;
    }

    /// <summary>Answers without Redis what is certain without it. Not made: nothing is.</summary>
    public RateLimitDecision Answer(in LocalKey key, RateLimit limit, int permits) => _local.Answer(key, limit, permits, DenialUse.Look);

    /// <summary>The decision of the limit's failure policy.</summary>
    public RateLimitDecision Fail(in LocalKey key, RateLimit limit, int permits) => _local.Fail(key, limit, PermitRequest.Exactly(permits));

    /// <summary>Gives back permits of a decision: to the batch that they came from, or to Redis.</summary>
    public async ValueTask<bool> RefundAsync(
        LocalKey key, RateLimit limit, RateLimitDecision decision, int permits, CancellationToken cancellationToken)
    {
        if (decision.Origin.Batch is { } batch)
        {
            return await _local.GiveBackAsync(key, batch, permits, cancellationToken).ConfigureAwait(false);
        }

        var fault = await _refunds.RefundAsync(key.Key, limit, decision, permits, cancellationToken).ConfigureAwait(false);
        _local.Forget(key, isReset: false);
        return fault == Fault.None;
    }

    /// <summary>Gives back what a decision has given to somebody who has left. Never throws, and is not given up while Redis is away.
    /// </summary>
    public async Task ReturnAsync(LocalKey key, RateLimit limit, RateLimitDecision decision)
    {
        if (decision.Origin.Batch is { } batch)
        {
            await _local.ReturnAsync(key, batch, decision.Granted).ConfigureAwait(false);
            return;
        }

        await _returns.ReturnAsync(key.Key, limit, decision, decision.Granted).ConfigureAwait(false);
        _local.Forget(key, isReset: false);
    }

    private AcquireRequest NewRequest(in LocalKey key, RateLimit limit, int unit, int callers, CancellationToken cancellationToken)
    {
        var ahead = _local.PermitsAhead(key, limit);
        var permits = new PermitRequest(unit, Math.Min(callers + (ahead / unit), limit.Permits / unit));
        return new AcquireRequest(key, limit, permits, _local.Now, cancellationToken, callers);
    }

    private ValueTask<RateLimitDecision> SendAsync(in AcquireRequest request)
    {
        var answer = _counts.AcquireAsync(request);
        return answer.IsCompletedSuccessfully ? new ValueTask<RateLimitDecision>(Conclude(request, answer.Result))
            : request.Callers == 0 ? AwaitAloneAsync(request, answer)
            : AwaitAsync(request, answer);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<RateLimitDecision> AwaitAsync(AcquireRequest request, ValueTask<Answer<ScriptReply>> pending)
    {
        var shared = _shared.Begin(request.Key, request.Limit, request.Permits.Unit);
        var isAnswered = true;
        try
        {
            var answer = await pending.ConfigureAwait(false);
            isAnswered = answer.IsAnswered;
            return Conclude(request, answer);
        }
        finally
        {
            _shared.End(request.Key);
            shared?.GoOn(isAnswered);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<RateLimitDecision> AwaitAloneAsync(AcquireRequest request, ValueTask<Answer<ScriptReply>> pending) =>
        Conclude(request, await pending.ConfigureAwait(false));

    private RateLimitDecision Conclude(in AcquireRequest request, in Answer<ScriptReply> answer)
    {
        if (!answer.IsAnswered)
        {
            return _local.Fail(request.Key, request.Limit, request.Own);
        }

        var decided = request.Limit.Decide(request.Permits, answer.Value, DecisionSource.Redis, request.AskedAt);
        var decision = _local.Learn(request, decided);
        DecisionTelemetry.Record(decision, DecisionTelemetry.ByRedis, request.Key.Key, request.Limit);
        return decision;
    }
}
