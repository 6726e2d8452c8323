using System.Globalization;
using System.Net;
using RedisResilience.Http.RateLimiting.Hearing;
using RedisResilience.RateLimiting;

namespace RedisResilience.Http.RateLimiting;

/// <summary>
/// Sends a request only with a permit, which all processes count, and not during a pause that the API has asked for. It is the last handler
/// before the network, so each attempt of a retry counts.
/// </summary>
internal sealed class HttpLimitHandler(HttpLimit limit, UpstreamHearing? hearing) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (limit.CallOf(request) is not { } call)
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        var turn = await limit.WaitAsync(call, cancellationToken).ConfigureAwait(false);
        if (!turn.IsAllowed)
        {
            return limit.Options.AnswersWithStatus
                ? TooMany(request, turn.RetryAfter)
                : throw new HttpRateLimitedException(limit.Name, turn.RetryAfter, turn.IsImpossible);
        }

        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            turn.Lease?.Dispose();
            throw;
        }

        if (hearing is not null)
        {
            await hearing.HearAsync(call.Key, response, turn).ConfigureAwait(false);
        }

        if (turn.Lease is { } lease)
        {
            response.Content = new LeasedContent(response.Content, lease);
        }

        return response;
    }

    /// <summary>Synchronous requests are limited like asynchronous ones.</summary>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendAsync(request, cancellationToken).GetAwaiter().GetResult();

    private static HttpResponseMessage TooMany(HttpRequestMessage request, TimeSpan retryAfter)
    {
        var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests)
        {
            RequestMessage = request,
            Content = new ByteArrayContent([]),
        };
        if (retryAfter > TimeSpan.Zero)
        {
            response.Headers.TryAddWithoutValidation(
                "Retry-After", ((long)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture));
        }

        return response;
    }
}
