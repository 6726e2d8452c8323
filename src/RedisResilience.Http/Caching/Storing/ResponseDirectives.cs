using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Caching.Storing;

/// <summary>The directives that count for this cache: those of a field that is meant for it, else those of <c>Cache-Control</c>.</summary>
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
