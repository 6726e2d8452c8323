using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.AspNetCore.Caching;

namespace RedisResilience.AspNetCore.Registration;

/// <summary>Looks over the endpoints once the pipeline stands, so that a mistake stops the start and not the first request.</summary>
internal sealed class EndpointCheck(LivePolicies policies, HttpPipeline pipeline) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        next(app);
        if (app.ApplicationServices.GetService<EndpointDataSource>() is { } source)
        {
            Check(source);
        }
    };

    private void Check(EndpointDataSource source)
    {
        foreach (var endpoint in source.Endpoints)
        {
            var limits = policies.Current.LimitsOf(endpoint);

            // Silence would be an endpoint that looks protected and is not.
            if (!pipeline.HasMiddleware && (!limits.IsEmpty || endpoint.Metadata.GetMetadata<CacheResponseMetadata>() is not null))
            {
                throw new InvalidOperationException(
                    $"The endpoint '{endpoint.DisplayName}' has a rate limit or a cached response, which need app.UseRedisResilience().");
            }
        }
    }
}
