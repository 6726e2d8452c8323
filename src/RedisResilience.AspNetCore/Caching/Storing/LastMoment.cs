using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>
/// The moment as a response starts in which nobody else has anything left to say: its callback is registered before all middleware, and
/// runs after all others.
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
