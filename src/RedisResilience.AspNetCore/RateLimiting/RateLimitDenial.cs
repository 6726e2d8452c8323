using System.Globalization;
using Microsoft.AspNetCore.Http;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>The response to a denied request: 429 (RFC 6585), or 503 when it was denied because nobody could count.</summary>
internal static class RateLimitDenial
{
    public static Task WriteAsync(HttpContext context, RateLimitPolicy policy, in RateLimitDecision decision)
    {
        var (status, body, retryAfter) = decision.IsDegraded
            ? (StatusCodes.Status503ServiceUnavailable, policy.ReducedCapacity, 1)
            : (StatusCodes.Status429TooManyRequests, policy.QuotaExceeded, RateLimitFields.RetryAfter(decision));

        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = RateLimitProblem.ContentType;
        response.ContentLength = body.Length;
        response.Headers.RetryAfter = retryAfter.ToString(CultureInfo.InvariantCulture);
        response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.BodyWriter.WriteAsync(body).AsTask();
    }
}
