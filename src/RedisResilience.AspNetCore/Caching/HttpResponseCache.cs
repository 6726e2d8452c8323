using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching.Rules;
using RedisResilience.AspNetCore.Caching.Serving;
using RedisResilience.AspNetCore.Caching.Storing;
using RedisResilience.Caching;
using RedisResilience.HttpSemantics;
using RedisResilience.Pooling;

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
    /// <returns>Whether a stored response was served.</returns>
    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder<>))]
    public async ValueTask<bool> AnswerAsync(
        HttpContext context, CacheLookup lookup, ValueTask<CachedResponse> reading, RequestDelegate next)
    {
        var read = await reading.ConfigureAwait(false);
        if (CacheHit.CanServe(read) && Variant.OtherThan(read, context.Request) is { } wanted)
        {
            // The entry is another variant of the response: the wanted one stands beside it, if it is there.
            (lookup, read) = await FindVariantAsync(lookup, read, wanted).ConfigureAwait(false);
        }

        if (read.IsUnchanged && !CacheHit.IsHeld(context.Request, read))
        {
            // The client holds it in another coding, or needs more of it than a 304.
            read.Dispose();
            read = await services.Cache.GetWithTimeToLiveAsync(lookup.Key!).ConfigureAwait(false);
        }

        if (CacheHit.CanServe(read) && !read.IsStale && !KnownCallers.MayTake(lookup, read))
        {
            read.Dispose();
            lookup.Endpoint!.HasSaid(isPublic: false);
            lookup = lookup.Without(lookup.Known!);
        }
        else if (CacheHit.CanServe(read) && !read.IsStale)
        {
            read = StoredBody.For(context, read);
            using (read)
            {
                if (!CacheHit.CanServe(read))
                {
                    // It cannot be decoded.
                    await services.Cache.RemoveAsync(lookup.Key!).ConfigureAwait(false);
                }
                else if (RequestDirectives.Refuse(context, lookup.Entry, read))
                {
                    lookup = lookup.Anew();
                }
                else
                {
                    await CacheHit.WriteAsync(context, lookup, read, CacheStatus.Of(read), services).ConfigureAwait(false);
                    return true;
                }
            }
        }
        else
        {
            // Of a stale response the cache knows whether the endpoint is to be asked.
            read.Dispose();
            if (await TryServeStaleAsync(context, lookup, read.Outcome).ConfigureAwait(false))
            {
                return true;
            }
        }

        await MissAsync(context, lookup, read.Outcome, next).ConfigureAwait(false);
        return false;
    }

    private async ValueTask<(CacheLookup Lookup, CachedResponse Read)> FindVariantAsync(
        CacheLookup lookup, CachedResponse first, string wanted)
    {
        var parent = Variant.MarkOf(first) ?? "";
        first.Dispose();
        lookup = lookup.For(wanted, parent);
        var read = await services.Cache.GetWithTimeToLiveAsync(lookup.Key!).ConfigureAwait(false);
        if (!read.HasBody || (HttpAnnotation.IsWhole(read.Annotation.Span) && Variant.MarkOf(read) == parent))
        {
            return (lookup, read);
        }

        // The first variant was removed or replaced since: so is this one.
        read.Dispose();
        await services.Cache.RemoveAsync(lookup.Key!).ConfigureAwait(false);
        return (lookup, default);
    }

    // For a client that is heard, and would rather have an old response than wait.
    private async ValueTask<bool> TryServeStaleAsync(HttpContext context, CacheLookup lookup, CacheOutcome outcome)
    {
        if (outcome is not (CacheOutcome.Expired or CacheOutcome.Stale) || !RequestDirectives.MayTakeStale(context, lookup.Entry))
        {
            return false;
        }

        using var stale = StoredBody.For(context, await services.Cache.GetStaleAsync(lookup.Key!).ConfigureAwait(false));
        if (!stale.HasBody
            || !CacheHit.CanServe(stale)
            || Variant.OtherThan(stale, context.Request) is not null
            || !KnownCallers.MayTake(lookup, stale)
            || !RequestDirectives.TakeStale(context.Request, stale, lookup))
        {
            return false;
        }

        await CacheHit.WriteAsync(context, lookup, stale, CacheStatus.Stale, services).ConfigureAwait(false);
        return true;
    }

    private Task MissAsync(HttpContext context, in CacheLookup lookup, CacheOutcome outcome, RequestDelegate next)
    {
        if (lookup.Endpoint is null)
        {
            return next(context);
        }

        if (CacheControl.Parse(context.Request.Headers.CacheControl.AsEnumerable()).OnlyIfCached)
        {
            context.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
            CacheStatus.AnnounceLater(context.Response, services, CacheStatus.OnlyIfCached);
            return Task.CompletedTask;
        }

        if (lookup.Bypass is { } bypass)
        {
            return RunUncachedAsync(context, lookup, bypass.Bypass, next);
        }

        if (RequestRules.UncapturedOf(context) is { } reason)
        {
            return RunUncachedAsync(context, lookup, reason.Miss, next);
        }

        if (lookup.IsAnew)
        {
            return new EndpointFill(context, lookup, services, isRefresh: false).RunAnewAsync(next);
        }

        if (TagsOf(context, lookup) is not { } tags)
        {
            return RunUncachedAsync(context, lookup, Reason.Tag.Miss, next);
        }

        var options = lookup.Entry.OptionsFor(lookup.TimeToLive);
        options = tags.Length == 0 ? options : options with { Tags = tags };

        // A request that went unanswered has had its deadline.
        options = outcome == CacheOutcome.Unavailable ? options with { SkipRedis = true } : options;
        var isRefresh = outcome is CacheOutcome.Expired or CacheOutcome.Stale;
        var fill = new EndpointFill(context, lookup, services, isRefresh);
        return services.UncacheableKeys.Contains(lookup.Key!) ? fill.RunAloneAsync(next) : fill.RunAsync(options, next);
    }

    // All entries of a resource go together when an unsafe method has changed it.
    private static string[]? TagsOf(HttpContext context, in CacheLookup lookup)
    {
        var endpoint = lookup.Endpoint!;
        var tags = endpoint.Entry.Tags.IsEmpty ? [] : endpoint.Entry.Tags.Of(context);
        return endpoint.HasVariants
            && !endpoint.Entry.KeepsOnUnsafeMethods
            && endpoint.Key.OfResource(new Keys.KeySource(context)) is { } resource
            ? tags is null ? null : [.. tags, CachedEndpoint.TagOf(resource)]
            : tags;
    }

    private Task RunUncachedAsync(HttpContext context, in CacheLookup lookup, string status, RequestDelegate next)
    {
        if (lookup.Known is not null)
        {
            KnownCallers.Hear(context.Response, lookup.Endpoint!);
        }

        CacheStatus.AnnounceLater(context.Response, services, status);
        return next(context);
    }

    private static async Task DisposeAsync(ValueTask<CachedResponse> reading) => (await reading.ConfigureAwait(false)).Dispose();
}
