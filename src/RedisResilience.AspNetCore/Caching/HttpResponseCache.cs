using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching.Serving;
using RedisResilience.AspNetCore.Caching.Storing;
using RedisResilience.Caching;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>The response cache as requests see it.</summary>
internal sealed class HttpResponseCache(HttpCacheServices services)
{
    public static bool IsReadable(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    /// <summary>Begins to read; a request without a key is a miss at once.</summary>
    public ValueTask<CachedResponse> ReadAsync(in CacheLookup lookup) =>
        lookup.Key is null ? default : services.Cache.GetWithTimeToLiveAsync(lookup.Key);

    /// <summary>Gives up a read whose answer nobody wants any more. Nobody waits for it, but its buffer goes back.</summary>
    public static void Drop(ValueTask<CachedResponse> reading) => _ = DisposeAsync(reading);

    /// <summary>Answers with what was read, if that can be served as it is.</summary>
    public ValueTask HitAsync(HttpContext context, in CacheLookup lookup, in CachedResponse cached) =>
        CacheHit.WriteAsync(context, lookup, cached, CacheStatus.Of(cached), services);

    public Task MissAsync(HttpContext context, in CacheLookup lookup, in CachedResponse read, RequestDelegate next)
    {
        if (lookup.Entry is null)
        {
            return next(context);
        }

        var directives = RequestDirectives.Read(context.Request);
        if (directives.OnlyIfCached)
        {
            context.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
            return AnnounceAndRun(context, CacheStatus.OnlyIfCached, _ => Task.CompletedTask);
        }

        if ((lookup.Bypass ?? Uncapturable(context.Request, directives)) is { } reason)
        {
            return AnnounceAndRun(context, reason, next);
        }

        if (lookup.Entry.OptionsFor(context, lookup.TimeToLive) is not { } options)
        {
            return AnnounceAndRun(context, CacheStatus.NotStored("tag"), next);
        }

        var fill = new EndpointFill(context, lookup, services, read.IsStale);
        return services.UncacheableKeys.Contains(lookup.Key!) ? fill.RunAloneAsync(next) : fill.RunAsync(options, next);
    }

    /// <summary>Whether a read can be served as it is; a stale one only when nobody need ask the endpoint, which <see cref="MissAsync"/> finds out.</summary>
    public static bool IsServable(in CachedResponse read) => CacheHit.CanServe(read) && !read.IsStale;

    // The answer to a HEAD has no body, and that to a Range may have a part of it.
    private static string? Uncapturable(HttpRequest request, RequestDirectives directives) =>
        HttpMethods.IsHead(request.Method) ? CacheStatus.Head
        : request.Headers.Range.Count > 0 ? CacheStatus.Range
        : directives.NoStore ? CacheStatus.NoStore
        : null;

    private Task AnnounceAndRun(HttpContext context, string reason, RequestDelegate next)
    {
        CacheStatusAnnouncement.Register(context.Response, services.Status, reason);
        return next(context);
    }

    private static async Task DisposeAsync(ValueTask<CachedResponse> reading) => (await reading.ConfigureAwait(false)).Dispose();
}
