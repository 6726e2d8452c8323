using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>The response cache as requests see it.</summary>
internal sealed class HttpResponseCache(IResponseCache cache, IRedisStatus status, int maximumEntrySize)
{
    public static bool IsReadable(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    /// <summary>Begins to read; a request without a key is a miss at once.</summary>
    public ValueTask<CachedResponse> ReadAsync(in CacheLookup lookup) =>
        lookup.Key is null ? default : cache.GetWithTimeToLiveAsync(lookup.Key);

    /// <summary>Gives up a read whose answer nobody wants any more. Nobody waits for it, but its buffer goes back.</summary>
    public static void Drop(ValueTask<CachedResponse> reading) => _ = DisposeAsync(reading);

    public Task MissAsync(HttpContext context, in CacheLookup lookup, RequestDelegate next)
    {
        if (lookup.Entry is null)
        {
            return next(context);
        }

        if ((lookup.Bypass ?? Uncapturable(context.Request)) is { } reason)
        {
            context.Response.OnStarting(
                static state => ((BypassAnnouncement)state).WriteAsync(), new BypassAnnouncement(context.Response, status, reason));
            return next(context);
        }

        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        return new CacheMiss(context, lookup, cache, status, new ResponseCapture(context.Response, body, maximumEntrySize)).RunAsync(next, body);
    }

    // The answer to a HEAD has no body, and that to a Range may have a part of it.
    private static string? Uncapturable(HttpRequest request) =>
        HttpMethods.IsHead(request.Method) ? CacheStatus.Head
        : request.Headers.Range.Count > 0 ? CacheStatus.Range
        : null;

    private static async Task DisposeAsync(ValueTask<CachedResponse> reading) => (await reading.ConfigureAwait(false)).Dispose();

    private sealed class BypassAnnouncement(HttpResponse response, IRedisStatus status, string reason)
    {
        public Task WriteAsync()
        {
            CacheStatus.Announce(response, status.Current.Availability, reason);
            return Task.CompletedTask;
        }
    }
}
