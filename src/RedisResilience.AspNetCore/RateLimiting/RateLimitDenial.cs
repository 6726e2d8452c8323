using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>The response to a denied request: 429 (RFC 6585), or 503 when it was denied because nobody could count.</summary>
internal static class RateLimitDenial
{
    public static Task WriteAsync(HttpContext context, RateLimitCheck check)
    {
        // A quota that is used up is the better reason: it is the client's own.
        var denying = check.Charges.Where(charge => charge.IsDenied).ToLookup(charge => charge.Decision.IsDegraded);
        var isDegraded = !denying.Contains(false);
        var reasons = denying[isDegraded];
        var problem = isDegraded ? RateLimitProblem.ReducedCapacity : RateLimitProblem.QuotaExceeded;
        var body = problem.Write(reasons.SelectMany(charge => charge.DenyingNames));

        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = RateLimitProblem.ContentType;
        response.ContentLength = body.Length;
        response.Headers.RetryAfter = reasons.Max(charge => charge.RetryAfterSeconds).ToString(CultureInfo.InvariantCulture);
        response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.BodyWriter.WriteAsync(body).AsTask();
    }
}
