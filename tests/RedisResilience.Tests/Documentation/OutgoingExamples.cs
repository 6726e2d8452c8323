using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Http;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.Documentation;

internal static class OutgoingExamples
{
    public static void Registration(WebApplicationBuilder builder)
    {
        var perSecond = RateLimit.TokenBucket(10, TimeSpan.FromSeconds(1));
        var perDay = RateLimit.FixedWindow(10_000, TimeSpan.FromDays(1));

        builder.Services.AddRedisResilience(builder.Configuration.GetConnectionString("Redis"));
        builder.Services.AddHttpClient<Quotes>(client => client.BaseAddress = new Uri("https://quotes.example/"))
            .AddRedisResilienceCache(cache => cache.Private())                       // RFC 9111, one request for the cluster
            .AddRedisResilienceLimit("quotes", RateLimit.All(perSecond, perDay));    // all nodes together; waits its turn
    }

    public static void Requests(HttpRequestMessage request)
    {
        request.Options.Set(HttpCacheRequest.Skip, true);                    // neither read nor store
        request.Options.Set(HttpCacheRequest.Refresh, true);                 // ask, and store
        request.Options.Set(HttpCacheRequest.Key, "AAPL");                   // http:quotes:AAPL
        request.Options.Set(HttpCacheRequest.Tags, ["symbol:AAPL"]);         // cache.RemoveByTagAsync("symbol:AAPL")
    }

    private sealed class Quotes(HttpClient client)
    {
        public Task<string> GetAsync(string symbol) => client.GetStringAsync(new Uri(symbol, UriKind.Relative));
    }
}
