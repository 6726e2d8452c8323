using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Redis;
using RedisResilience.Tests.Gateway;

namespace RedisResilience.Tests.RateLimiting;

internal sealed class UnansweredRateLimiterTests : RateLimiterContract
{
    protected override IRateLimiter Limiter { get; } = new RedisRateLimiter(GatewayStub.Silent().Object, TimeProvider.System);
}
