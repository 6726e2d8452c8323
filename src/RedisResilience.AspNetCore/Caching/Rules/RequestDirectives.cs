using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using RedisResilience.AspNetCore.Caching.Storing;
using RedisResilience.Caching;
using RedisResilience.HttpSemantics;

namespace RedisResilience.AspNetCore.Caching.Rules;

/// <summary>What a request wishes of a stored response (RFC 9111, section 5.2.1), where its endpoint hears such wishes.</summary>
internal static class RequestDirectives
{
    /// <summary>Whether a fresh response is not fresh enough.</summary>
    public static bool Refuse(HttpContext context, CacheResponseMetadata entry, in CachedResponse cached)
    {
        if (entry.HearsRequest?.Invoke(context) != true)
        {
            return false;
        }

        var control = Of(context.Request);
        return control.NoCache
            || (control.MaxAge is { } most && cached.Age > most && !(control.MaxStale is { } stale && cached.Age <= most + stale))
            || (control.MinFresh is { } least && cached.TimeToLive < least);
    }

    /// <summary>Whether a stale response may be good enough: then it is worth a read.</summary>
    public static bool MayTakeStale(HttpContext context, CacheResponseMetadata entry) =>
        Of(context.Request) is { MaxStale: not null, NoCache: false, MinFresh: null } && entry.HearsRequest?.Invoke(context) == true;

    /// <summary>Whether a stale response is good enough, and its origin allows that.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cached">The response, with its age.</param>
    /// <param name="lookup">What the request wants: it tells how long a response was fresh that does not say so itself.</param>
    public static bool TakeStale(HttpRequest request, in CachedResponse cached, in CacheLookup lookup)
    {
        var wish = Of(request);
        var bytes = cached.Annotation;
        var annotation = bytes.Span;
        var (control, _) = ResponseFreshness.ControlOf(name => HttpAnnotation.Lines(bytes.Span, name), lookup.Entry.TargetedFields);
        if (StaleWindow.IsForbidden(control) || cached.Age is not { } age)
        {
            return false;
        }

        var earlier = AgeField.Parse([HttpAnnotation.Find(annotation, "Age")]);
        var lifetime = control.MaxAge - earlier ?? (HttpAnnotation.Find(annotation, "Expires") is null ? lookup.TimeToLive : TimeSpan.Zero);
        return age - lifetime <= wish.MaxStale && !(age + earlier > wish.MaxAge + wish.MaxStale);
    }

    private static CacheControl Of(HttpRequest request) => request.Headers.CacheControl is { Count: > 0 } lines
        ? CacheControl.Parse(lines.AsEnumerable())
        : new CacheControl { NoCache = IsPragma(request.Headers.Pragma) };

    // Of those who know nothing newer (RFC 9111, section 5.4).
    private static bool IsPragma(in StringValues pragma) => pragma.ToString().Contains("no-cache", StringComparison.OrdinalIgnoreCase);
}
