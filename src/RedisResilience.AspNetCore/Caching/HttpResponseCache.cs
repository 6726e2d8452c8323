using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching.Serving;
using RedisResilience.AspNetCore.Caching.Storing;
using RedisResilience.AspNetCore.Pooling;
using RedisResilience.Caching;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>The response cache as requests see it.</summary>
internal sealed class HttpResponseCache(HttpCacheServices services)
{
    public static bool IsReadable(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    /// <summary>Begins to read; a request without a key is a miss at once. A client that says what it holds may need no body.</summary>
    public ValueTask<CachedResponse> ReadAsync(HttpRequest request, in CacheLookup lookup) => lookup.Key is null ? default
        : request.Headers.IfNoneMatch is { Count: > 0 } held ? services.Cache.GetIfNoneMatchAsync(lookup.Key, held.ToString())
        : services.Cache.GetWithTimeToLiveAsync(lookup.Key);

    /// <summary>Gives up a read whose answer nobody wants any more. Nobody waits for it, but its buffer goes back.</summary>
    public static void Drop(ValueTask<CachedResponse> reading) => _ = DisposeAsync(reading);

    /// <summary>Answers with what is read, or has the endpoint answer.</summary>
    [AsyncMethodBuilder(typeof(PooledTaskMethodBuilder))]
    public async Task AnswerAsync(HttpContext context, CacheLookup lookup, ValueTask<CachedResponse> reading, RequestDelegate next)
    {
        var read = await reading.ConfigureAwait(false);
        if (read.IsUnchanged && !CacheHit.IsHeld(context.Request, read))
        {
            // The client holds it in another coding, or needs more of it than a 304.
            read.Dispose();
            read = await services.Cache.GetWithTimeToLiveAsync(lookup.Key!).ConfigureAwait(false);
        }

        if (CacheHit.CanServe(read) && !read.IsStale)
        {
            using (read)
            {
                await CacheHit.WriteAsync(context, lookup, read, CacheStatus.Of(read), services).ConfigureAwait(false);
            }
        }
        else
        {
            // Of a stale response the cache knows whether the endpoint is to be asked.
            read.Dispose();
            await MissAsync(context, lookup, read.Outcome, next).ConfigureAwait(false);
        }
    }

    private Task MissAsync(HttpContext context, in CacheLookup lookup, CacheOutcome outcome, RequestDelegate next)
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

        if (outcome == CacheOutcome.Unavailable)
        {
            // This request has had its deadline.
            options = options with { SkipRedis = true };
        }

        var fill = new EndpointFill(context, lookup, services, isRefresh: outcome is CacheOutcome.Expired or CacheOutcome.Stale);
        return services.UncacheableKeys.Contains(lookup.Key!) ? fill.RunAloneAsync(next) : fill.RunAsync(options, next);
    }

    // The answer to a Range may have a part of the body.
    private static string? Uncapturable(HttpRequest request, RequestDirectives directives) =>
        request.Headers.Range.Count > 0 ? CacheStatus.Range
        : directives.NoStore ? CacheStatus.NoStore
        : null;

    private Task AnnounceAndRun(HttpContext context, string reason, RequestDelegate next)
    {
        CacheStatusAnnouncement.Register(context.Response, services.Status, reason);
        return next(context);
    }

    private static async Task DisposeAsync(ValueTask<CachedResponse> reading) => (await reading.ConfigureAwait(false)).Dispose();
}
