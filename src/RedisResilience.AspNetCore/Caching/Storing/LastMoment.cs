using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>
/// The last moment before a response starts. Its callback is registered before all middleware, so it runs after all others.
/// </summary>
internal static class LastMoment
{
    /// <summary>Registers the callback; belongs before everything else in the pipeline.</summary>
    public static void Use(IApplicationBuilder app) => app.Use(next => context =>
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.OnStarting(
                static state => ((HttpContext)state).Features.Get<StorageDecision>()?.AnnounceAsync() ?? Task.CompletedTask,
                context);
        }

        return next(context);
    });
}
