using System.Globalization;
using Microsoft.AspNetCore.Http;
using RedisResilience.Caching;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>Answers from the cache: the bytes go from Redis to the client as they are.</summary>
internal static class CacheHit
{
    public static Task WriteAsync(HttpContext context, in CacheLookup lookup, in CachedResponse cached)
    {
        var response = context.Response;
        var tag = EntityTag.Of(cached.Body.Span);
        response.Headers.ETag = tag;
        if (cached.TimeToLive is { } remaining)
        {
            response.Headers.Age = Age(lookup.TimeToLive, remaining).ToString(CultureInfo.InvariantCulture);
            response.Headers[CacheStatus.Field] = CacheStatus.HitFor(remaining);
        }
        else
        {
            response.Headers[CacheStatus.Field] = CacheStatus.Hit;
        }

        if (EntityTag.IsNamed(context.Request.Headers.IfNoneMatch, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = lookup.Entry!.ContentType;
        response.ContentLength = cached.Body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.BodyWriter.WriteAsync(cached.Body).AsTask();
    }

    // An entry may have more time than this process would give it: its time to live was another when it was stored.
    private static long Age(TimeSpan timeToLive, TimeSpan remaining) => Math.Max(0, (timeToLive - remaining).Ticks / TimeSpan.TicksPerSecond);
}
