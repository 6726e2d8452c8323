using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using RedisResilience.HttpSemantics;

namespace RedisResilience.AspNetCore.Caching.Rules;

/// <summary>
/// The directives of a response about storage and reuse (RFC 9111, sections 4.2 and 5.2; RFC 9213; RFC 5861). The default value says
/// nothing.
/// </summary>
internal readonly struct ResponseFreshness
{
    // The field of our own goes before the one for all shared caches, which goes before the one for everybody.
    private static readonly string[] Targeted = ["RedisResilience-Cache-Control", "CDN-Cache-Control"];

    private readonly Freshness _freshness;

    private ResponseFreshness(CacheControl control, Freshness freshness, bool forbids)
    {
        Control = control;
        _freshness = freshness;
        ForbidsStorage = forbids || (freshness.IsExplicit && freshness.Lifetime <= freshness.InitialAge);
    }

    public CacheControl Control { get; }

    /// <summary>Whether it must not be stored, or is not fresh when it comes.</summary>
    public bool ForbidsStorage { get; }

    public bool IsPrivate => Control.IsPrivate;

    /// <summary>Whether the response itself says how long it is fresh.</summary>
    public bool IsExplicit => _freshness.IsExplicit;

    /// <summary>How long it is still fresh; null when it does not say.</summary>
    public TimeSpan? FreshFor => IsExplicit ? _freshness.Lifetime - _freshness.InitialAge : null;

    /// <summary>The directives that count here: of the field that is meant for this cache, else of <c>Cache-Control</c>.</summary>
    /// <param name="lines">The lines of a field.</param>
    /// <param name="more">Fields that are heard as <c>CDN-Cache-Control</c> is, before it.</param>
    public static (CacheControl Control, bool IsTargeted) ControlOf(Func<string, StringValues> lines, string[] more)
    {
        foreach (var name in more.Length == 0 ? Targeted : [.. more, .. Targeted])
        {
            if (lines(name) is { Count: > 0 } field && TargetedCacheControl.TryParse(field, out var targeted))
            {
                return (targeted, true);
            }
        }

        return (CacheControl.Parse(lines("Cache-Control").AsEnumerable()), false);
    }

    /// <summary>Whether a response itself says how long it is fresh.</summary>
    /// <param name="headers">The response's fields.</param>
    /// <param name="more">Fields that are heard as <c>CDN-Cache-Control</c> is, before it.</param>
    public static bool IsSaidBy(IHeaderDictionary headers, string[] more)
    {
        var (control, isTargeted) = ControlOf(name => headers[name], more);
        return (control.SharedMaxAge ?? control.MaxAge) is not null || (!isTargeted && headers.Expires.Count > 0);
    }

    /// <param name="response">The response.</param>
    /// <param name="more">Fields that are heard as <c>CDN-Cache-Control</c> is, before it.</param>
    /// <param name="sentAt">When its request was sent.</param>
    /// <param name="now">When it came.</param>
    public static ResponseFreshness Read(HttpResponse response, string[] more, DateTimeOffset sentAt, DateTimeOffset now)
    {
        var headers = response.Headers;
        var (control, isTargeted) = ControlOf(name => headers[name], more);
        var fields = new FreshnessFields(response.StatusCode, control, isTargeted)
        {
            Date = headers.Date,
            Age = headers.Age,
            Expires = headers.Expires,
        };

        // What the endpoint took counts only where there is somebody behind it: it made its own response just now.
        var freshness = Freshness.Of(fields, new FreshnessRules(IsShared: true), headers.Age.Count > 0 ? sentAt : now, now);
        var isUnderstood = !control.MustUnderstand || StatusRules.IsUnderstood(response.StatusCode);
        return new ResponseFreshness(control, freshness, control.NoCache || !isUnderstood || (control.NoStore && !control.MustUnderstand));
    }
}
