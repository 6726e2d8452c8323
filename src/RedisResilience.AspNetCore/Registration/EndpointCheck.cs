using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.AspNetCore.Caching;
using RedisResilience.AspNetCore.Caching.Storing;

namespace RedisResilience.AspNetCore.Registration;

/// <summary>
/// Puts what must stand before all middleware there, and looks over the endpoints once the pipeline stands: a mistake stops the start and
/// not the first request.
/// </summary>
internal sealed class EndpointCheck(LivePolicies policies, HttpPipeline pipeline, CachedEndpoints endpoints) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        LastMoment.Use(app);
        pipeline.HasLastMoment = true;
        next(app);
        if (app.ApplicationServices.GetService<EndpointDataSource>() is { } source)
        {
            EndpointRules.Check(source, policies, endpoints, pipeline.HasMiddleware);
        }
    };
}
