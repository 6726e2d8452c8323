using Microsoft.AspNetCore.Http;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>What a request's <c>Cache-Control</c> asks of the cache (RFC 9111, section 5.2.1).</summary>
/// <remarks>
/// <c>no-cache</c>, <c>max-age</c>, <c>min-fresh</c> and <c>max-stale</c> are not heard: they are wishes, and a client that could have the endpoint run whenever
/// it likes would take the cache's protection away from everybody.
/// </remarks>
internal readonly record struct RequestDirectives(bool NoStore, bool OnlyIfCached)
{
    public static RequestDirectives Read(HttpRequest request)
    {
        var directives = default(RequestDirectives);
        foreach (var line in request.Headers.CacheControl)
        {
            foreach (var part in line.AsSpan().Split(','))
            {
                var directive = line.AsSpan(part).Trim(" \t");
                directives = new RequestDirectives(
                    directives.NoStore || directive.Equals("no-store", StringComparison.OrdinalIgnoreCase),
                    directives.OnlyIfCached || directive.Equals("only-if-cached", StringComparison.OrdinalIgnoreCase));
            }
        }

        return directives;
    }
}
