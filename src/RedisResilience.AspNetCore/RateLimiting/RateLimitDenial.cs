using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>The response to a denied request: 429 (RFC 6585), or 503 when it was denied only because Redis could not answer.</summary>
internal static class RateLimitDenial
{
    /// <summary>Writes the whole response, for code outside of the middleware.</summary>
    public static Task WriteWithFieldsAsync(HttpContext context, RateLimitCheck check)
    {
        RateLimitAnnouncement.Register(context.Response, check);
        return WriteAsync(context, check);
    }

    public static async Task WriteAsync(HttpContext context, RateLimitCheck check)
    {
        // A quota that is used up is the better reason: it is the client's own.
        var denying = check.Acquisitions.Where(acquisition => acquisition.IsDenied)
            .ToLookup(acquisition => acquisition.Decision.IsDegraded);
        var isDegraded = !denying.Contains(false);
        var reasons = denying[isDegraded].ToArray();
        var isImpossible = Array.Exists(reasons, acquisition => acquisition.Decision.IsImpossible);
        var problem = isDegraded
            ? RateLimitProblem.ReducedCapacity
            : isImpossible ? RateLimitProblem.Impossible : RateLimitProblem.QuotaExceeded;
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.Headers.CacheControl = "no-store";
        if (!isImpossible)
        {
            var seconds = reasons.Max(acquisition => WholeSeconds.RetryAfter(acquisition.Decision.RetryAfter));
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        await TellAsync(context, check, reasons).ConfigureAwait(false);
        if (!response.HasStarted)
        {
            await problem.WriteAsync(context, [.. reasons.SelectMany(acquisition => acquisition.DenyingNames())]).ConfigureAwait(false);
        }
    }

    private static async ValueTask TellAsync(HttpContext context, RateLimitCheck check, RateLimitAcquisition[] reasons)
    {
        foreach (var acquisition in reasons)
        {
            check.Responses.Log?.Write(acquisition);
            if (check.Responses.OnRejected is { } heard)
            {
                await heard(new RateLimitRejection(context, acquisition)).ConfigureAwait(false);
            }
        }
    }
}
