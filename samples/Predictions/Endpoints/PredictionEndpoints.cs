using Predictions.Forecasting;
using Predictions.Prices;
using Predictions.Source;
using RedisResilience.Caching;

namespace Predictions.Endpoints;

/// <summary>The service: list, read and replace predictions, limited per address, reads answered from the cache.</summary>
internal static class PredictionEndpoints
{
    /// <summary>The rate limit policy of writes. It holds beside the one of all requests.</summary>
    public const string Replacing = "replacing";

    private const string ContentType = "application/json; charset=utf-8";
    private const int LargestDocument = 256 * 1024;
    private static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];

    public static void MapPredictions(this IEndpointRouteBuilder routes)
    {
        var predictions = routes.MapGroup("/predictions").RequireRateLimit();
        predictions.MapMethods("", Read, ListAsync);
        predictions.MapMethods("{symbol}", Read, ReadAsync).CacheResponse(CacheKey);
        predictions.MapPut("{symbol}", ReplaceAsync).RequireRateLimit(Replacing);
    }

    private static string KeyOf(string symbol) => $"predictions:v1:{symbol}";

    private static string? CacheKey(HttpContext context) =>
        Symbol.TryParse(context.Request.RouteValues["symbol"] as string, out var symbol) ? KeyOf(symbol) : null;

    private static async Task<IResult> ListAsync(IPredictionSource source, CancellationToken cancellationToken) =>
        Results.Json(await source.ListAsync(cancellationToken), PredictionJson.Default.IReadOnlyListString);

    private static async Task<IResult> ReadAsync(string symbol, IPredictionSource source, CancellationToken cancellationToken) =>
        Symbol.TryParse(symbol, out var known) && await source.ReadAsync(known, cancellationToken) is { } document
            ? Results.Bytes(document, ContentType)
            : NotFound();

    private static async Task<IResult> ReplaceAsync(
        string symbol, HttpRequest request, IPredictionSource source, IResponseCache cache, PriceHistories histories,
        CancellationToken cancellationToken)
    {
        if (!Symbol.TryParse(symbol, out var known) || !histories.TryGet(known, out var history))
        {
            return NotFound();
        }

        if (await BodyReader.ReadAsync(request, LargestDocument, cancellationToken) is not { } body)
        {
            return Results.Problem(
                statusCode: StatusCodes.Status413PayloadTooLarge, detail: $"A document has at most {LargestDocument} bytes.");
        }

        var problem = "";
        var prediction = body.Length == 0 ? Prediction.Compute(known, history) : PredictionJson.TryRead(body, known, out problem);
        if (prediction is null)
        {
            return Results.Problem(statusCode: StatusCodes.Status400BadRequest, detail: problem);
        }

        // The source first, then the cache: the other way round, every reader in between would put the old document back.
        var document = PredictionJson.Write(prediction);
        await source.ReplaceAsync(known, document, cancellationToken);
        await cache.RemoveAsync(KeyOf(known), CancellationToken.None);
        return Results.Bytes(document, ContentType);
    }

    private static IResult NotFound() =>
        Results.Problem(statusCode: StatusCodes.Status404NotFound, detail: "There is no such symbol; GET /predictions lists them.");
}
