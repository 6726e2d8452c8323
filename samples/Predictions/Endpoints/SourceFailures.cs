using MongoDB.Driver;

namespace Predictions.Endpoints;

/// <summary>A source of truth that does not answer is not this service's error: 503, as a problem document.</summary>
internal static class SourceFailures
{
    public static ExceptionHandlerOptions Options { get; } = new()
    {
        StatusCodeSelector = static exception => exception is MongoException or TimeoutException
            ? StatusCodes.Status503ServiceUnavailable
            : StatusCodes.Status500InternalServerError,
    };
}
