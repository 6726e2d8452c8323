using RedisResilience.Gateway;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Redis;
using RedisResilience.Tests.Gateway;

namespace RedisResilience.Tests.RateLimiting;

internal sealed class AnsweredRateLimiterTests : RateLimiterContract
{
    protected override IRateLimiter Limiter { get; } =
        new RedisRateLimiter(GatewayStub.Create().Evaluates(new Answer<ScriptReply>(new ScriptReply(1, 94, 0, 60_000_000, 0)))
            .Deletes(new Answer<bool>(true)).Object, TimeProvider.System);
}
