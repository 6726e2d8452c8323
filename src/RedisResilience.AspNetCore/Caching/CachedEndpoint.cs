using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using RedisResilience.AspNetCore.Caching.Keys;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>An endpoint whose responses are cached.</summary>
internal sealed class CachedEndpoint
{
    // The resource stands behind this word in a tag of the library's own.
    private const string ResourceTag = "responses-of:";

    // So often in a row the response to a caller who is known has not been for others: then it is not expected any more.
    private const int MostInVain = 8;

    private readonly TemplateMatcher? _matcher;
    private int _inVain;

    public CachedEndpoint(CacheResponseMetadata entry, RouteEndpoint? endpoint, string sibling)
    {
        Entry = entry;
        Endpoint = endpoint;
        Key = new EndpointKey(entry.Key, endpoint, sibling);
        Vary = Key.HeaderNames.Length == 0 ? null : string.Join(", ", Key.HeaderNames);
        _matcher = endpoint?.RoutePattern.RawText is null ? null
            : new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), new RouteValueDictionary(endpoint.RoutePattern.Defaults));
    }

    /// <summary>What was said about it.</summary>
    public CacheResponseMetadata Entry { get; }

    public RouteEndpoint? Endpoint { get; }

    public EndpointKey Key { get; }

    /// <summary>The fields of <c>Vary</c> that the key has: the same on every response; null for none.</summary>
    public string? Vary { get; }

    /// <summary>Whether one resource may have several entries: one for each user, or for each value of a field.</summary>
    public bool HasVariants => Entry.IsPerUser || Vary is not null || Entry.Key.Values.Length > 0;

    /// <summary>Whether a response to a caller who is known may be for others too: not after several that were not.</summary>
    public bool MaySayPublic => Volatile.Read(ref _inVain) < MostInVain;

    /// <summary>The name by which all entries of a resource go together.</summary>
    public static string TagOf(string resource) => ResourceTag + resource;

    /// <summary>Whether the key has a field of the request, so that a response may vary by it.</summary>
    public bool VariesBy(string field) => Array.Exists(Key.HeaderNames, name => name.Equals(field, StringComparison.OrdinalIgnoreCase));

    /// <summary>The endpoint has said to a caller who is known whether its response is for others too.</summary>
    public void HasSaid(bool isPublic)
    {
        if (isPublic)
        {
            Volatile.Write(ref _inVain, 0);
        }
        else if (MaySayPublic)
        {
            Interlocked.Increment(ref _inVain);
        }
    }

    /// <summary>The route values of a path, if the endpoint may answer it.</summary>
    public bool TryMatch(PathString path, out RouteValueDictionary values)
    {
        values = [];
        return _matcher?.TryMatch(path, values) == true;
    }
}
