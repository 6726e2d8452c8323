using System.Runtime.CompilerServices;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;

namespace RedisResilience.RateLimiting;

/// <summary>Asks Redis for every decision, in one script and one round trip; without an answer, the limit's failure policy decides.</summary>
internal sealed class RedisRateLimiter(IRedisGateway gateway) : IRateLimiter
{
    private readonly RedisKeyPrefix _prefix = new(gateway.KeyPrefix + "ratelimit:");

    public ValueTask<RateLimitDecision> AcquireAsync(string key, RateLimit limit, int permits = 1, CancellationToken cancellationToken = default)
    {
        AcquireArguments.Validate(key, limit, permits);
        var suffix = limit.Name is null ? key : $"{limit.Name}:{key}";
        var answer = gateway.EvaluateAsync(limit.Script, _prefix, suffix, limit.ArgumentsFor(permits), cancellationToken);
        return answer.IsCompletedSuccessfully
            ? new ValueTask<RateLimitDecision>(Decide(limit, answer.Result))
            : AwaitAsync(limit, answer);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<RateLimitDecision> AwaitAsync(RateLimit limit, ValueTask<Answer<ScriptReply>> answer) =>
        Decide(limit, await answer.ConfigureAwait(false));

    private static RateLimitDecision Decide(RateLimit limit, Answer<ScriptReply> answer)
    {
        var decision = answer.IsAnswered
            ? limit.Decide(answer.Value)
            : RateLimitDecision.Uncounted(limit.FailurePolicy == FailurePolicy.Allow, limit, RateLimitDecider.FailurePolicy);
        ResilienceMetrics.RecordDecision(decision.IsAllowed, answer.IsAnswered ? "redis" : "failure_policy");
        return decision;
    }
}
