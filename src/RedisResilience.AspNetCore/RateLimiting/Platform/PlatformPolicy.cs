using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting.Platform;

/// <summary>A policy for the platform's own middleware.</summary>
internal sealed class PlatformPolicy(RateLimiterOptions options, string name, RateLimitPolicy policy)
    : IRateLimiterPolicy<PlatformPartition>
{
    private readonly ActivePolicy _policy = new(name, policy, cost: null);

    /// <summary>
    /// A handler of the application for all policies takes precedence. The platform's default would be a 503 without <c>Retry-After</c>.
    /// </summary>
    public Func<OnRejectedContext, CancellationToken, ValueTask>? OnRejected => (context, cancellationToken) =>
        options.OnRejected is { } own ? own(context, cancellationToken)
        : context.Lease is RedisRateLimitLease { Acquisition: { } acquisition } ? new ValueTask(
            RateLimitDenial.WriteWithFieldsAsync(context.HttpContext, new RateLimitCheck([acquisition], RateLimitResponses.Default)))
        : default;

    public RateLimitPartition<PlatformPartition> GetPartition(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        var limiter = services.GetRequiredKeyedService<IRateLimiter>(_policy.Redis);
        return _policy.AcquisitionFor(httpContext, ClientRules.For(httpContext), limiter) is { } acquisition
            ? RateLimitPartition.Get(
                new PlatformPartition(acquisition.Key, acquisition.Description.Limit, acquisition.Permits),
                partition => new PartitionRateLimiter(limiter, partition, services.GetService<TimeProvider>() ?? TimeProvider.System))
            : RateLimitPartition.GetNoLimiter(PlatformPartition.Unlimited);
    }
}
