using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.Caching;

namespace RedisResilience.AspNetCore.Failures;

/// <summary>
/// A source of truth that does not answer is not the application's error: 503 with <c>Retry-After</c>, as problem details, and no line in
/// the log for each request.
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
