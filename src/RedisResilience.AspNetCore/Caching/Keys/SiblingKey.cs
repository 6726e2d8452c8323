using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace RedisResilience.AspNetCore.Caching.Keys;

/// <summary>
/// Distinguishes endpoints that have the same route pattern and differ in a host, a field, a media type, or another matcher policy.
/// </summary>
internal static class SiblingKey
{
    /// <summary>
    /// The part of a key that follows the pattern. It is the same on every node, and empty if no other endpoint has the pattern.
    /// </summary>
    public static string Of(RouteEndpoint endpoint, IReadOnlyList<Endpoint> all)
    {
        var shape = ShapeOf(endpoint);
        var siblings = all.OfType<RouteEndpoint>().Where(other => IsReadable(other) && ShapeOf(other) == shape).ToList();
        if (siblings.Count < 2)
        {
            return "";
        }

        // Where all that is known of two is the same, their order tells them apart.
        var description = Describe(endpoint);
        var place = siblings.Where(other => Describe(other) == description).ToList().IndexOf(endpoint);
        return $":+{Hash(description)[..12]}{(place > 0 ? $"-{place}" : "")}";
    }

    /// <summary>Whether requests for a response that could be cached come to the endpoint.</summary>
    public static bool IsReadable(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is not { HttpMethods.Count: > 0 } methods
        || methods.HttpMethods.Any(method => HttpMethods.IsGet(method) || HttpMethods.IsHead(method));

    private static string ShapeOf(RouteEndpoint endpoint) => CacheKeyTemplate.Of(endpoint.RoutePattern).Prefix.ToLowerInvariant();

    private static string Describe(RouteEndpoint endpoint)
    {
        var text = new StringBuilder().Append(endpoint.DisplayName).Append('\n').Append(endpoint.Order).Append('\n')
            .Append(endpoint.RoutePattern.RawText);
        foreach (var item in endpoint.Metadata)
        {
            text.Append('\n').Append(item switch
            {
                IHostMetadata hosts => string.Join(',', hosts.Hosts),
                MethodInfo method => $"{method.DeclaringType?.FullName}.{method.Name}",
                _ => item.GetType().FullName,
            });
        }

        return text.ToString();
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
