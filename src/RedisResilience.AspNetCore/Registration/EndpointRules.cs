using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RedisResilience.AspNetCore.Caching;
using RedisResilience.AspNetCore.Caching.Keys;
using RedisResilience.AspNetCore.Caching.Storing;

namespace RedisResilience.AspNetCore.Registration;

/// <summary>The rules for the endpoints of an application. Each error says what to do.</summary>
internal static class EndpointRules
{
    // Not public in the platform.
    private const string ShortCircuit = "ShortCircuitMetadata";

    /// <exception cref="InvalidOperationException">
    /// An endpoint would not be limited or cached as required, or would get another endpoint's responses.
    /// </exception>
    public static void Check(EndpointDataSource source, LivePolicies policies, CachedEndpoints cached, bool hasMiddleware)
    {
        foreach (var endpoint in source.Endpoints)
        {
            // Silence would be an endpoint that looks protected and is not.
            var isOurs = !policies.Current.LimitsOf(endpoint).IsEmpty || cached.Of(endpoint) is not null;
            if (isOurs && !hasMiddleware)
            {
                throw new InvalidOperationException(
                    $"The endpoint '{endpoint.DisplayName}' has a rate limit or a cached response, which need app.UseRedisResilience().");
            }

            if (isOurs && endpoint.Metadata.Any(item => item.GetType().Name == ShortCircuit))
            {
                throw new InvalidOperationException(
                    $"The endpoint '{endpoint.DisplayName}' has a rate limit or a cached response, and ShortCircuit(): it answers before "
                        + "app.UseRedisResilience() is reached. Leave ShortCircuit() out.");
            }
        }

        policies.Current.Check();
        var readable = cached.All.Where(endpoint => endpoint.Endpoint is { } route && SiblingKey.IsReadable(route)).ToList();
        readable.ForEach(CheckNames);
        readable.ForEach(CheckBound);
        CheckKeys(readable);
    }

    /// <exception cref="InvalidOperationException">Endpoints are mapped before the middleware that they need.</exception>
    public static void CheckNoneIsMapped(EndpointDataSource? source, LivePolicies policies, CachedEndpoints cached)
    {
        var early = source?.Endpoints.FirstOrDefault(
            endpoint => !policies.Current.LimitsOf(endpoint).IsEmpty || cached.Of(endpoint) is not null);
        if (early is not null)
        {
            throw new InvalidOperationException(
                $"app.UseRedisResilience() stands after the endpoints: '{early.DisplayName}' answers before it is reached. Call it "
                    + "before app.UseEndpoints().");
        }
    }

    private static void CheckNames(CachedEndpoint cached)
    {
        var route = cached.Endpoint!.RoutePattern;
        var names = (cached.Entry.Key.Template?.Names ?? []).Concat(cached.Entry.Tags.Names);
        var unknown = names.FirstOrDefault(
            name => route.GetParameter(name) is null && !route.Defaults.ContainsKey(name) && !route.RequiredValues.ContainsKey(name));
        if (unknown is not null)
        {
            throw new InvalidOperationException(
                $"The key or a tag of '{cached.Endpoint.DisplayName}' has '{{{unknown}}}', which is no parameter of the route "
                    + $"'{route.RawText}': no response would ever be cached.");
        }
    }

    private static void CheckBound(CachedEndpoint cached)
    {
        var recipe = cached.Entry.Key;
        var bound = BoundInput.Of(cached.Endpoint!);
        if (bound.Headers.FirstOrDefault(name => StoredHeaders.Secret.Contains(name) && !recipe.IsFree(name)) is { } secret)
        {
            throw new InvalidOperationException(
                $"The handler of '{cached.Endpoint!.DisplayName}' binds the field '{secret}', which is a secret and no part of a key. "
                    + $"Say .NotVaryBy(\"{secret}\") if the response does not depend on it.");
        }

        if (recipe.Template is null || recipe.VariesByWholeQuery)
        {
            return;
        }

        var query = bound.Query.FirstOrDefault(
            name => !recipe.IsFree(name) && !recipe.QueryNames.Contains(name, StringComparer.OrdinalIgnoreCase));
        var field = bound.Headers.FirstOrDefault(
            name => !recipe.IsFree(name) && !recipe.HeaderNames.Contains(name, StringComparer.OrdinalIgnoreCase));
        if ((query ?? field) is { } missing)
        {
            throw new InvalidOperationException(
                $"The handler of '{cached.Endpoint!.DisplayName}' binds '{missing}', which its key does not have: one response would be "
                    + "given for all values. "
                + $"Say .{(query is null ? "VaryByHeader" : "VaryByQuery")}(\"{missing}\"), or .NotVaryBy(\"{missing}\") if the response "
                    + "does not depend on it.");
        }
    }

    private static void CheckKeys(List<CachedEndpoint> cached)
    {
        var same = cached.Where(endpoint => endpoint.Entry.Key is { Template: not null, IsShared: false })
            .GroupBy(endpoint => endpoint.Entry.Key.Template!.Shape, StringComparer.Ordinal)
            .Select(group => group.ToList())
            .FirstOrDefault(group => group.Count > 1 && group.Select(HandlerOf).Distinct().Count() > 1);
        if (same is not null)
        {
            throw new InvalidOperationException(
                $"'{same[0].Endpoint!.DisplayName}' and '{same[1].Endpoint!.DisplayName}' have the same key, "
                    + $"'{same[0].Entry.Key.Template!.Shape}': one would be given the other's responses. "
                + "Give each a key of its own, none (the builder then makes one), or say .ShareEntries() at each if they answer the same.");
        }
    }

    // One handler under two addresses answers the same.
    private static object HandlerOf(CachedEndpoint cached) =>
        cached.Endpoint!.Metadata.GetMetadata<System.Reflection.MethodInfo>() ?? (object)cached.Endpoint;
}
