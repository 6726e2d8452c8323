using Microsoft.Extensions.Caching.Hybrid;
using Predictions.Embedded;
using Predictions.Source;
using StackExchange.Redis;

namespace Predictions.Race;

/// <summary>One document twice: over this library, limited and cached, and over the platform's <c>HybridCache</c>, both in the same
/// embedded Redis and without a local tier.</summary>
internal static class RaceEndpoints
{
    public const string Policy = "race";

    private const string ContentType = "application/json; charset=utf-8";
    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(60);

    /// <summary>Its own connection to the embedded server, and one for the page to look at keys with.</summary>
    public static void AddRace(this IServiceCollection services, EmbeddedRedis redis)
    {
        var configuration = $"127.0.0.1:{redis.Port},abortConnect=false";
        services.AddStackExchangeRedisCache(options => (options.Configuration, options.InstanceName) = (configuration, "hybrid:"));
        services.AddHybridCache(options => options.DefaultEntryOptions =
            new HybridCacheEntryOptions { Expiration = TimeToLive, Flags = HybridCacheEntryFlags.DisableLocalCache });
        services.AddSingleton(new Lazy<Task<ConnectionMultiplexer>>(() => ConnectionMultiplexer.ConnectAsync(configuration)));
        services.AddSingleton<RaceTrack>();
    }

    public static void MapRace(this IEndpointRouteBuilder routes)
    {
        var race = routes.MapGroup("/race");
        race.MapGet("", (HttpContext context, RaceTrack track) => track.ServeAsync(context));
        race.MapGet("ours/{symbol}", OursAsync).RequireRateLimit(Policy).CacheResponse("race:v1:{symbol}", TimeToLive);
        race.MapGet("hybrid/{symbol}", HybridAsync);
    }

    private static async Task<IResult> OursAsync(string symbol, IPredictionSource source, CancellationToken cancellationToken) =>
        await source.ReadAsync(symbol, cancellationToken) is { } document ? Results.Bytes(document, ContentType) : Results.NotFound();

    private static async Task<IResult> HybridAsync(
        string symbol, HttpResponse response, IPredictionSource source, HybridCache cache, EmbeddedRedis redis,
        CancellationToken cancellationToken)
    {
        var isHit = true;
        var document = await cache.GetOrCreateAsync(
            symbol,
            async token =>
            {
                isHit = false;
                return (await source.ReadAsync(symbol, token))?.ToArray() ?? [];
            },
            cancellationToken: cancellationToken);

        // Whoever waits for another's load is told nothing of it: but from a server that is gone, nobody has had an answer.
        response.Headers["Cache-Status"] = isHit && redis.State == EmbeddedState.Running ? "HybridCache; hit" : "HybridCache; fwd=miss";
        return document.Length > 0 ? Results.Bytes(document, ContentType) : Results.NotFound();
    }
}
