using RedisResilience.RateLimiting;

namespace Predictions.Outgoing;

/// <summary>The sample's client of that API: a plain <see cref="HttpClient"/>, with a cache and a limit that all nodes share.</summary>
internal sealed class Quotes(HttpClient client)
{
    /// <summary>What that API allows, all nodes together.</summary>
    public static RateLimit Limit { get; } = RateLimit.TokenBucket(10, TimeSpan.FromSeconds(1));

    public Task<HttpResponseMessage> GetAsync(string symbol, CancellationToken cancellationToken) =>
        client.GetAsync(new Uri($"quotes/{symbol}", UriKind.Relative), cancellationToken);
}
