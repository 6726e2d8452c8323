using System.Collections.Concurrent;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Commands;
using RedisResilience.Gateway.Recovery;
using RedisResilience.RateLimiting.Local;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Redis;

/// <summary>
/// Gives back permits that Redis has granted too late: to callers who have already got another decision, or have left. If they cannot go
/// back at once, they go back before Redis is used again.
/// </summary>
internal sealed class LateGrants(RedisCounts counts, Refunds refunds, LocalKnowledge local, TimeProvider timeProvider)
    : ILateReplies, IRecoveryStep
{
    // More than can be under way when Redis goes away. Further permits come back with time.
    private const int MostRemembered = 16 * 1024;

    // Refunds that are sent at the same time.
    private const int AtOnce = 256;

    private readonly ConcurrentQueue<(string Key, RateLimit Limit, RateLimitDecision Decision, int Permits)> _unreturned = new();

    public void Hear(string key, in ScriptArguments arguments, in ScriptReply reply, bool isCancelled)
    {
        var limit = (RateLimit)arguments.Caller.About!;
        if (!limit.Parts.IsEmpty && (reply.More.IsDefault || reply.More.Length < 3 * limit.Parts.Length))
        {
            // The reply is not one of this script, and no caller waits for an error.
            return;
        }

        if (refunds.IsForgotten(LocalKey.Of(key, limit), arguments.Caller.AskedAt))
        {
            // The permits were taken from a count that was reset.
            return;
        }

        var request = arguments.Count < 2
            ? PermitRequest.Exactly((int)arguments.First)
            : new PermitRequest((int)arguments.First, (int)arguments.Second, arguments.Third);

        // A reply with the server's time was made just now. Without it, only the time of the question is known.
        var askedAt = reply.Fifth > 0 ? timeProvider.GetTimestamp() : arguments.Caller.AskedAt;
        var decision = limit.Decide(request, reply, DecisionSource.Redis, askedAt);
        if (decision.Granted - HeldOf(limit, request, decision.Granted, isCancelled) is > 0 and var permits
            && !local.TryKeep(LocalKey.Of(key, limit), limit, decision, permits, arguments.Caller.AskedAt))
        {
            _ = GiveBackAsync(refunds, key, limit, decision, permits).AsTask();
        }
    }

    /// <summary>Redis is back: permits that nobody holds go back before any caller asks.</summary>
    /// <returns>True: Redis is not kept waiting for what could not go back.</returns>
    public async ValueTask<bool> RunAsync(IRedisGateway redis)
    {
        var back = refunds.Through(redis);
        for (var left = _unreturned.Count; left > 0; left -= AtOnce)
        {
            var some = new List<Task<Fault>>(AtOnce);
            while (some.Count < Math.Min(left, AtOnce) && _unreturned.TryDequeue(out var one))
            {
                some.Add(GiveBackAsync(back, one.Key, one.Limit, one.Decision, one.Permits).AsTask());
            }

            var faults = await Task.WhenAll(some).ConfigureAwait(false);
            if (Array.Exists(faults, static fault => fault != Fault.None && !fault.IsRefusal()))
            {
                // Redis has gone away again. The rest waits for the next recovery, instead of one deadline after the other now.
                break;
            }
        }

        return true;
    }

    // Under FailurePolicy.Allow the caller has gone on and uses its permits. Nobody uses the permits that this process asked for in
    // addition.
    private static int HeldOf(RateLimit limit, in PermitRequest request, int granted, bool isCancelled) =>
        isCancelled || limit.FailurePolicy != FailurePolicy.Allow ? 0
        : limit.MaximumPrefetch > 0 ? Math.Min(request.Unit, granted)
        : granted;

    private async ValueTask<Fault> GiveBackAsync(Refunds way, string key, RateLimit limit, RateLimitDecision decision, int permits)
    {
        var fault = counts.IsAway && way == refunds ? Fault.CircuitOpen
            : await way.RefundAsync(key, limit, decision, permits, CancellationToken.None).ConfigureAwait(false);

        // A refund that may have been sent may have been executed.
        if (fault != Fault.None && fault.WasNotSent() && _unreturned.Count < MostRemembered)
        {
            _unreturned.Enqueue((key, limit, decision, permits));
        }

        return fault;
    }
}
