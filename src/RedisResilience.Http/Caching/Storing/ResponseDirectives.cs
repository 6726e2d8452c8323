using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Caching.Storing;

/// <summary>Reads the directives for this cache: from a field that targets it (RFC 9213), otherwise from <c>Cache-Control</c>.</summary>
internal static class ResponseDirectives
{
    public static (CacheControl Control, bool IsTargeted) Read(Func<string, IEnumerable<string?>> lines, HttpCacheOptions options)
    {
        if (!options.IsPrivate)
        {
            foreach (var field in options.TargetedFields)
            {
                if (TargetedCacheControl.TryParse(lines(field), out var targeted))
                {
                    return (targeted, true);
                }
            }
        }

        return (CacheControl.Parse(lines("Cache-Control")), false);
    }
}
