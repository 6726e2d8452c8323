using System.Runtime.CompilerServices;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Local;
using RedisResilience.RateLimiting.Local.Denials;
using RedisResilience.RateLimiting.Local.Sharing;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Redis;

/// <summary>The way of an acquire that is not certain here: asked of Redis, together with others who ask for the same.</summary>
internal sealed class AcquirePath : IAcquirePath
{
    private readonly RedisCounts _counts;
    private readonly LocalKnowledge _local;
    private readonly SharedCalls _shared;

    public AcquirePath(RedisCounts counts, LocalKnowledge local, TimeProvider timeProvider)
    {
        (_counts, _local) = (counts, local);
        _shared = new SharedCalls(this, timeProvider);
    }

    public ValueTask<RateLimitDecision> AcquireAsync(in LocalKey key, RateLimit limit, int permits, CancellationToken cancellationToken)
    {
        if (_counts.IsAway && !cancellationToken.IsCancellationRequested)
        {
            return new ValueTask<RateLimitDecision>(Fail(key, limit, permits));
        }

        if (_shared.Join(key, limit, permits, cancellationToken) is { } joined)
        {
            return new ValueTask<RateLimitDecision>(joined);
        }

        var ask = NewRequest(key, limit, permits, callers: 1);
        var answer = _counts.AcquireAsync(key.Key, limit, ask.Request, ask.SentAt, cancellationToken);
        return answer.IsCompletedSuccessfully
            ? new ValueTask<RateLimitDecision>(Conclude(ask, answer.Result))
            : AwaitAsync(ask, answer);
    }

    /// <summary>What nobody shares: a look, as many permits as there are, a booking.</summary>
    public ValueTask<RateLimitDecision> DecideAsync(
        in LocalKey key, RateLimit limit, in PermitRequest request, CancellationToken cancellationToken)
    {
        var askedAt = _local.Now;
        var answer = _counts.AcquireAsync(key.Key, limit, request, askedAt, cancellationToken);
        return answer.IsCompletedSuccessfully
            ? new ValueTask<RateLimitDecision>(Conclude(key, limit, request, askedAt, answer.Result))
            : AwaitAsync(key, limit, request, askedAt, answer);
    }

    public RateLimitDecision Answer(in LocalKey key, RateLimit limit, int permits) => _local.Answer(key, limit, permits, DenialUse.Look);

    public async ValueTask<RateLimitDecision?> TakeAsync(LocalKey key, RateLimit limit, int unit, int callers, long since)
    {
        var ask = NewRequest(key, limit, unit, callers);
        var answer = await _counts.Since(since).AcquireAsync(
            key.Key, limit, ask.Request, ask.SentAt, CancellationToken.None).ConfigureAwait(false);
        return answer.IsAnswered ? _local.Learn(ask, limit.Decide(ask.Request, answer.Value, DecisionSource.Redis, ask.SentAt)) : null;
    }

    public RateLimitDecision Fail(in LocalKey key, RateLimit limit, int permits) => _local.Fail(key, limit, PermitRequest.Exactly(permits));

    private AcquireRequest NewRequest(in LocalKey key, RateLimit limit, int unit, int callers) =>
        new(key, limit, unit, callers, _local.PermitsAhead(key, limit), _local.Now);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<RateLimitDecision> AwaitAsync(AcquireRequest ask, ValueTask<Answer<ScriptReply>> pending)
    {
        var shared = _shared.Begin(ask.Key, ask.Limit, ask.Unit);
        var isAnswered = true;
        try
        {
            var answer = await pending.ConfigureAwait(false);
            isAnswered = answer.IsAnswered;
            return Conclude(ask, answer);
        }
        finally
        {
            _shared.End(ask.Key);
            shared?.GoOn(isAnswered);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<RateLimitDecision> AwaitAsync(
        LocalKey key, RateLimit limit, PermitRequest request, long askedAt, ValueTask<Answer<ScriptReply>> answer) =>
        Conclude(key, limit, request, askedAt, await answer.ConfigureAwait(false));

    private RateLimitDecision Conclude(
        in LocalKey key, RateLimit limit, in PermitRequest request, long askedAt, in Answer<ScriptReply> answer)
    {
        if (!answer.IsAnswered)
        {
            return _local.Fail(key, limit, request);
        }

        var decision = limit.Decide(request, answer.Value, DecisionSource.Redis, askedAt);
        DecisionTelemetry.Record(decision, DecisionTelemetry.ByRedis, key.Key, limit);
        _local.Learn(key, limit, request.Unit, decision, askedAt);
        return decision;
    }

    private RateLimitDecision Conclude(in AcquireRequest ask, in Answer<ScriptReply> answer)
    {
        if (!answer.IsAnswered)
        {
            return Fail(ask.Key, ask.Limit, ask.Unit);
        }

        var decision = _local.Learn(ask, ask.Limit.Decide(ask.Request, answer.Value, DecisionSource.Redis, ask.SentAt));
        DecisionTelemetry.Record(decision, DecisionTelemetry.ByRedis, ask.Key.Key, ask.Limit);
        return decision;
    }
}
