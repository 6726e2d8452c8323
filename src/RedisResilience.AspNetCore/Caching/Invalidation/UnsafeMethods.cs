using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;
using RedisResilience.AspNetCore.Caching.Keys;
using RedisResilience.AspNetCore.Registration;

namespace RedisResilience.AspNetCore.Caching.Invalidation;

/// <summary>What is stored for an address goes when a request of an unsafe method has succeeded there (RFC 9111, section 4.4).</summary>
internal sealed class UnsafeMethods(CachedEndpoints endpoints, EndpointRedis redis)
{
    public static bool IsUnsafe(string method) =>
        !HttpMethods.IsGet(method)
            && !HttpMethods.IsHead(method)
            && !HttpMethods.IsOptions(method)
            && !HttpMethods.IsTrace(method)
            && !HttpMethods.IsConnect(method);

    /// <summary>Has the entries removed before the client hears of its success: what it reads next is new.</summary>
    public void Watch(HttpContext context)
    {
        if (Array.Exists(endpoints.All, endpoint => !endpoint.Entry.KeepsOnUnsafeMethods))
        {
            context.Response.OnStarting(() => RemoveAsync(context));
        }
    }

    private async Task RemoveAsync(HttpContext context)
    {
        var response = context.Response;
        if (response.StatusCode is < 200 or >= 400)
        {
            return;
        }

        var request = context.Request;
        await RemoveAsync(context, request.Path, request.Query).ConfigureAwait(false);
        foreach (var address in (string?[])[response.Headers.Location, response.Headers.ContentLocation])
        {
            if (PathHere(request, address) is var (path, query))
            {
                await RemoveAsync(context, path, query).ConfigureAwait(false);
            }
        }
    }

    private async Task RemoveAsync(HttpContext context, PathString path, IQueryCollection query)
    {
        foreach (var endpoint in endpoints.All)
        {
            if (endpoint.Entry.KeepsOnUnsafeMethods || !endpoint.TryMatch(path, out var values))
            {
                continue;
            }

            var source = new KeySource(context, values, context.Request.Host, context.Request.PathBase, query);
            if (endpoint.Key.OfResource(source) is { } resource)
            {
                var cache = redis.CacheOf(endpoint.Entry.Redis);

                // A client that leaves does not make the removal undone.
                _ = endpoint.HasVariants
                    ? await cache.RemoveByTagAsync(CachedEndpoint.TagOf(resource), CancellationToken.None).ConfigureAwait(false)
                    : await cache.RemoveAsync(resource, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    // Of another origin nothing may be removed: anybody could name it.
    private static (PathString Path, IQueryCollection Query)? PathHere(HttpRequest request, string? address)
    {
        if (string.IsNullOrEmpty(address)
            || !Uri.TryCreate(UriHelper.GetEncodedUrl(request), UriKind.Absolute, out var own)
            || !Uri.TryCreate(own, address, out var named)
            || Uri.Compare(own, named, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) != 0)
        {
            return null;
        }

        return PathString.FromUriComponent(named).StartsWithSegments(request.PathBase, out var path)
            ? (path, new QueryCollection(QueryHelpers.ParseQuery(named.Query)))
            : null;
    }
}
