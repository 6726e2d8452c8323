using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RedisResilience.RateLimiting;

namespace RedisResilience.Http.Registration;

/// <summary>Without a Redis nobody is limited. Asked for nothing, the limiter that enforces nothing names a limit that denies in an outage:
/// at the start, and not with the first request.</summary>
internal sealed class UnenforcedLimit(IServiceProvider services, RateLimit limit, string optionsName) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<IRateLimiter>() is NoOpRateLimiter limiter)
        {
            var options = services.GetRequiredService<IOptionsMonitor<HttpLimitOptions>>().Get(optionsName);
            limiter.TryAcquireLocally("start", limit with { FailurePolicy = options.FailurePolicy }, permits: 0, out _);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
