using System.Runtime.CompilerServices;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Local;
using RedisResilience.RateLimiting.Redis;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Leases;

/// <summary>
/// Acquires permits that are held. It names the lease before it asks, so that it can release a grant whose reply is lost.
/// </summary>
internal sealed class LeaseAcquirePath(RedisCounts counts, LocalKnowledge local, LeaseKeeper keeper, TimeProvider timeProvider)
{
    public ValueTask<RateLimitDecision> DecideAsync(string key, RateLimit limit, PermitRequest request, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<RateLimitDecision>(cancellationToken);
        }

        var asked = new AcquireRequest(
            LocalKey.Of(key, limit), limit, request, timeProvider.GetTimestamp(), cancellationToken, Name: LeaseNames.Next());
        var answer = counts.EvaluateAsync(limit.Script, key, limit, Arguments(asked), cancellationToken);
        return answer.IsCompletedSuccessfully ? new ValueTask<RateLimitDecision>(Decide(asked, answer.Result)) : AwaitAsync(asked, answer);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<RateLimitDecision> AwaitAsync(AcquireRequest asked, ValueTask<Answer<ScriptReply>> pending)
    {
        Answer<ScriptReply> answer;
        try
        {
            answer = await pending.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            GiveBack(asked);
            throw;
        }

        return Decide(asked, answer);
    }

    private RateLimitDecision Decide(in AcquireRequest asked, in Answer<ScriptReply> answer)
    {
        var (key, limit, request) = (asked.Key, asked.Limit, asked.Permits);
        if (!answer.IsAnswered)
        {
            if (answer.Fault.MayHaveRun())
            {
                GiveBack(asked);
            }

            return local.Fail(key, limit, request);
        }

        var decision = limit.Decide(request, answer.Value, DecisionSource.Redis, asked.AskedAt);
        DecisionTelemetry.Record(decision, DecisionTelemetry.ByRedis, key.Key, limit);
        var held = decision.Granted > 0
            ? decision with { Lease = keeper.Hold(asked.ToLease(decision.Granted), answer.Value.Fifth, asked.AskedAt) }
            : decision.IsAllowed ? decision with { Lease = new ConcurrencyLease(permits: 0) }
            : decision;
        return local.Learn(asked, held);
    }

    // Right behind the request, on the same way: it comes after what it takes back.
    private void GiveBack(in AcquireRequest asked)
    {
        if (asked.Permits.Most > 0)
        {
            _ = keeper.Returns.ReturnAsync(asked.ToLease((int)asked.Permits.Most), isUnheard: true).AsTask();
        }
    }

    // The usual call asks for one permit.
    private ScriptArguments Arguments(in AcquireRequest asked) => asked.Permits is { Unit: 1, Count: 1 } && counts.Now == 0
        ? new ScriptArguments(asked.Limit.Parameters, asked.Name)
        : new ScriptArguments(asked.Limit.Parameters, asked.Permits.Unit, asked.Permits.Count, asked.Name, counts.Now);
}
