using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RedisResilience.RateLimiting;

namespace RedisResilience.Dashboard.Access;

/// <summary>Checks every request for the page first: its rate limit, and whether it may see the page.</summary>
internal sealed class Gate(AccessRule rule, IRateLimiter limiter, ILogger logger)
{
    // A page is four requests. The limit is the page's own, kept in this process: it works without Redis, and is not among what the page
    // shows.
    private static readonly RateLimit Requests = RateLimit.TokenBucket(60, TimeSpan.FromSeconds(10)) with { Name = "dashboard" };

    private int _hasExplained;

    /// <summary>A handler behind the gate.</summary>
    public RequestDelegate Guard(RequestDelegate handler) => async context =>
    {
        var decision = await limiter.AcquireAsync(
            context.Connection.RemoteIpAddress?.ToString() ?? "unknown", Requests).ConfigureAwait(false);
        PageHeaders.Write(context);
        if (!decision.IsAllowed)
        {
            await RefuseAsync(context, StatusCodes.Status429TooManyRequests, decision.RetryAfter).ConfigureAwait(false);
        }
        else if (await rule.AllowsAsync(context).ConfigureAwait(false))
        {
            await handler(context).ConfigureAwait(false);
        }
        else
        {
            await ForbidAsync(context).ConfigureAwait(false);
        }
    };

    /// <summary>Says no, and when to come again.</summary>
    public static Task RefuseAsync(HttpContext context, int status, TimeSpan retryAfter)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.RetryAfter = Math.Max(
            1, (long)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync("Too many requests for this page. It is there again soon.\n");
    }

    private Task ForbidAsync(HttpContext context)
    {
        if (Interlocked.Exchange(ref _hasExplained, 1) == 0)
        {
            Log.Forbidden(logger);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync("This page is not for you, or not by this way. The application's log says more.\n");
    }
}
