using Microsoft.AspNetCore.Http;

namespace RedisResilience.AspNetCore.Caching.Keys;

/// <summary>The tags of an endpoint's entries, as an application would write them: route values stand in them as they are.</summary>
/// <param name="templates">Make tags from route values.</param>
/// <param name="functions">Name tags of a request.</param>
/// <param name="ignoresCase">
/// Whether values that differ only in case are equal. An entry is then removed by its tags in lower and in upper case, too.
/// </param>
internal sealed class EntryTags(CacheKeyTemplate[] templates, Func<HttpContext, IEnumerable<string>>[] functions, bool ignoresCase)
{
    private static readonly Func<string, string> AsIs = static text => text;
    private static readonly Func<string, string>[] AnyCase =
        [AsIs, static text => text.ToLowerInvariant(), static text => text.ToUpperInvariant()];

    public static readonly EntryTags None = new([], [], ignoresCase: false);

    public bool IsEmpty => templates.Length + functions.Length == 0;

    /// <summary>The route values that the tags have.</summary>
    public IEnumerable<string> Names => templates.SelectMany(template => template.Names);

    /// <summary>The tags of a request's entry; null when one of them cannot be made.</summary>
    public string[]? Of(HttpContext context)
    {
        var tags = new List<string>(templates.Length);
        foreach (var template in templates)
        {
            foreach (var transform in ignoresCase ? AnyCase : [AsIs])
            {
                if (template.Fill(context.Request.RouteValues, transform) is not { } tag)
                {
                    return null;
                }

                tags.Add(tag);
            }
        }

        tags.AddRange(functions.SelectMany(function => function(context)));
        return tags.TrueForAll(tag => !string.IsNullOrEmpty(tag) && RedisKeyLimits.IsValid(tag))
            ? [.. tags.Distinct(StringComparer.Ordinal)]
            : null;
    }
}
