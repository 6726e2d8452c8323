using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;
using RedisResilience.AspNetCore.Caching.Keys;
using RedisResilience.AspNetCore.Registration;

namespace RedisResilience.AspNetCore.Caching.Invalidation;

/// <summary>Finds endpoints by their names, and their keys by their route values.</summary>
internal sealed class ResponseCacheInvalidator(CachedEndpoints endpoints, EndpointRedis redis) : IResponseCacheInvalidator
{
    public ValueTask<bool> RemoveAsync(
        string endpoint, RouteValueDictionary? values, HostString host, PathString pathBase, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(endpoint);
        var cached = Array.Find(
            endpoints.All, cached => cached.Endpoint?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName == endpoint)
            ?? throw new ArgumentException(
                $"There is no endpoint '{endpoint}' whose responses are cached: name it with WithName.", nameof(endpoint));
        var recipe = cached.Entry.Key;
        if (recipe.Function is not null)
        {
            throw new ArgumentException($"The key of '{endpoint}' is made by a function, which needs a request: remove the entry by its "
                + "key or a tag.", nameof(endpoint));
        }

        if (!host.HasValue && (recipe.IsMade || recipe.VariesByHost))
        {
            throw new ArgumentException($"The key of '{endpoint}' has the host that was asked: name it.", nameof(host));
        }

        var route = new RouteValueDictionary(values ?? []);
        var query = new QueryCollection(cached.Key.QueryNames
            .Where(route.ContainsKey)
            .ToDictionary(name => name, name =>
                new StringValues(Convert.ToString(route[name], CultureInfo.InvariantCulture)), StringComparer.OrdinalIgnoreCase));
        foreach (var name in cached.Key.QueryNames.Where(name => cached.Endpoint!.RoutePattern.GetParameter(name) is null))
        {
            route.Remove(name);
        }

        var key = cached.Key.OfResource(new KeySource(null, route, host, pathBase, query))
            ?? throw new ArgumentException($"A value is missing that the key of '{endpoint}' has.", nameof(values));
        var cache = redis.CacheOf(cached.Entry.Redis);
        return !cached.HasVariants ? cache.RemoveAsync(key, cancellationToken)
            : cached.Entry.KeepsOnUnsafeMethods
                ? throw new ArgumentException($"The responses of '{endpoint}' have variants, and KeepOnUnsafeMethods() gives them "
                    + "nothing in common: remove them by a tag.", nameof(endpoint))
            : cache.RemoveByTagAsync(CachedEndpoint.TagOf(key), cancellationToken);
    }
}
