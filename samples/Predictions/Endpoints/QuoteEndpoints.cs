using System.Globalization;
using Predictions.Outgoing;
using RedisResilience.Http;

namespace Predictions.Endpoints;

/// <summary>A quote of somebody else's API, with what the cache between says of it.</summary>
internal static class QuoteEndpoints
{
    public static void MapQuotes(this IEndpointRouteBuilder routes) => routes.MapGet("/quotes/{symbol}", ReadAsync);

    private static async Task<IResult> ReadAsync(
        string symbol, Quotes quotes, QuotesServer server, HttpResponse http, CancellationToken cancellationToken)
    {
        if (!Symbol.TryParse(symbol, out var known))
        {
            return NotFound();
        }

        HttpResponseMessage answer;
        try
        {
            answer = await quotes.GetAsync(known, cancellationToken);
        }
        catch (HttpRateLimitedException exception)
        {
            // More than that API allows, and there was no entry to answer from: nothing was sent.
            http.Headers.RetryAfter = Math.Max(1, Math.Ceiling(exception.RetryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return Results.Problem(statusCode: StatusCodes.Status429TooManyRequests, detail: "The other side's limit is used up just now.");
        }

        using var response = answer;
        return !response.IsSuccessStatusCode ? NotFound() : Results.Json(new
        {
            Quote = await response.Content.ReadAsStringAsync(cancellationToken),
            Cache = string.Join(", ", response.Headers.TryGetValues("Cache-Status", out var status) ? status : []),
            Age = response.Headers.Age?.TotalSeconds ?? 0,
            server.Requests,
        });
    }

    private static IResult NotFound() =>
        Results.Problem(statusCode: StatusCodes.Status404NotFound, detail: "There is no such symbol; GET /predictions lists them.");
}
