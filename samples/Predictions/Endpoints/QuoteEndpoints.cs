using Predictions.Outgoing;

namespace Predictions.Endpoints;

/// <summary>A quote of somebody else's API, with what the cache between says of it.</summary>
internal static class QuoteEndpoints
{
    public static void MapQuotes(this IEndpointRouteBuilder routes) => routes.MapGet("/quotes/{symbol}", ReadAsync);

    private static async Task<IResult> ReadAsync(string symbol, Quotes quotes, QuotesServer server, CancellationToken cancellationToken)
    {
        if (!Symbol.TryParse(symbol, out var known))
        {
            return NotFound();
        }

        using var response = await quotes.GetAsync(known, cancellationToken);
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
