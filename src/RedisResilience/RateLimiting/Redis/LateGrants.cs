using RedisResilience.Gateway;
using RedisResilience.Gateway.Commands;
using RedisResilience.RateLimiting.Local;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Redis;

/// <summary>
/// Gives back permits that Redis has granted too late: to callers who have already got another decision, or have left.
/// </summary>
internal sealed class LateGrants(Refunds refunds, PermitReturns returns, LocalKnowledge local, TimeProvider timeProvider) : ILateReplies
{
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
            _ = returns.ReturnAsync(key, limit, decision, permits);
        }
    }

    // Under FailurePolicy.Allow the caller has gone on and uses its permits. Nobody uses the permits that this process asked for in
    // addition.
    private static int HeldOf(RateLimit limit, in PermitRequest request, int granted, bool isCancelled) =>
        isCancelled || limit.FailurePolicy != FailurePolicy.Allow ? 0
        : limit.MaximumPrefetch > 0 ? Math.Min(request.Unit, granted)
        : granted;
}
