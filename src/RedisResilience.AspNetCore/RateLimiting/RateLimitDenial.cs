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
        var denying = check.Charges.Where(charge => charge.IsDenied).ToLookup(charge => charge.Decision.IsDegraded);
        var isDegraded = !denying.Contains(false);
        var reasons = denying[isDegraded].ToArray();
        var isImpossible = Array.Exists(reasons, charge => charge.Decision.IsImpossible);
        var problem = isDegraded
            ? RateLimitProblem.ReducedCapacity
            : isImpossible ? RateLimitProblem.Impossible : RateLimitProblem.QuotaExceeded;
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.Headers.CacheControl = "no-store";
        if (!isImpossible)
        {
            var seconds = reasons.Max(charge => WholeSeconds.RetryAfter(charge.Decision.RetryAfter));
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        await TellAsync(context, check, reasons).ConfigureAwait(false);
        if (!response.HasStarted)
        {
            await problem.WriteAsync(context, [.. reasons.SelectMany(charge => charge.DenyingNames())]).ConfigureAwait(false);
        }
    }

    private static async ValueTask TellAsync(HttpContext context, RateLimitCheck check, RateLimitAcquisition[] reasons)
    {
        foreach (var charge in reasons)
        {
            check.Responses.Log?.Write(charge);
            if (check.Responses.OnRejected is { } heard)
            {
                await heard(new RateLimitRejection(context, charge)).ConfigureAwait(false);
            }
        }
    }
}
