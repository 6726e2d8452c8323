using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.Caching;

namespace RedisResilience.AspNetCore.Failures;

/// <summary>
/// Answers a request whose source is temporarily not available: 503 with <c>Retry-After</c> and problem details. It logs no line for each
/// request, because this is not an error of the application.
/// </summary>
internal sealed class SourceFailureHandler(
    IEnumerable<ISourceFailures> sources, IProblemDetailsService? problems = null) : IExceptionHandler
{
    private const string Detail = "The source of this resource does not answer at present.";
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (RetryAfter(exception) is not { } wait)
        {
            return false;
        }

        httpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        httpContext.Response.Headers.RetryAfter = WholeSeconds.RetryAfter(wait).ToString(CultureInfo.InvariantCulture);

        if (problems is not null)
        {
            // A client that takes no JSON gets the status alone.
            await problems.TryWriteAsync(new ProblemDetailsContext
            {
                HttpContext = httpContext,
                ProblemDetails = { Status = StatusCodes.Status503ServiceUnavailable, Detail = Detail },
            }).ConfigureAwait(false);
        }

        return true;
    }

    private TimeSpan? RetryAfter(Exception exception) =>
        exception is SourceOverloadedException
            ? Moment
            : sources.Select(source => source.RetryAfter(exception)).FirstOrDefault(wait => wait is not null);
}
