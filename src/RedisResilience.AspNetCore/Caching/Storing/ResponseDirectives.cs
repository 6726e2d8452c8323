using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using RedisResilience.AspNetCore.Registration;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>What a response says about its own storing: <c>Cache-Control</c> (RFC 9111, with the stale windows of RFC 5861) and <c>Expires</c>.</summary>
internal readonly struct ResponseDirectives
{
    /// <summary>No cache may keep it, or what it says cannot be understood: it might forbid it.</summary>
    public bool ForbidsStorage { get; private init; }

    /// <summary>It is meant for one user.</summary>
    public bool IsPrivate { get; private init; }

    /// <summary>It must not be served stale.</summary>
    public bool ForbidsStale { get; private init; }

    /// <summary>How long it is fresh; null when it does not say.</summary>
    public TimeSpan? FreshFor { get; private init; }

    public TimeSpan? StaleWhileRevalidate { get; private init; }

    public TimeSpan? StaleIfError { get; private init; }

    public static ResponseDirectives Read(IHeaderDictionary headers, DateTimeOffset now)
    {
        if (headers.CacheControl.Count == 0)
        {
            return headers.Expires.Count == 0 ? default : ReadExpires(headers, now, default);
        }

        if (!CacheControlHeaderValue.TryParse(headers.CacheControl.ToString(), out var control) || control is { NoStore: true } or { NoCache: true })
        {
            return new ResponseDirectives { ForbidsStorage = true };
        }

        var directives = new ResponseDirectives
        {
            IsPrivate = control.Private,

            // Section 5.2.2.10: s-maxage means that too, unless the response itself allows more.
            ForbidsStale = control.MustRevalidate || control.ProxyRevalidate || control.SharedMaxAge is not null,
            FreshFor = control.SharedMaxAge ?? control.MaxAge,
            StaleWhileRevalidate = Seconds(control, "stale-while-revalidate"),
            StaleIfError = Seconds(control, "stale-if-error"),
        };
        return directives.FreshFor is null && headers.Expires.Count > 0 ? ReadExpires(headers, now, directives) : directives;
    }

    // Section 5.3: a date that cannot be read is one in the past.
    private static ResponseDirectives ReadExpires(IHeaderDictionary headers, DateTimeOffset now, ResponseDirectives directives) => directives with
    {
        FreshFor = HeaderUtilities.TryParseDate(headers.Expires.ToString(), out var end) && end > now ? end - now : TimeSpan.Zero,
    };

    private static TimeSpan? Seconds(CacheControlHeaderValue control, string name)
    {
        foreach (var extension in control.Extensions)
        {
            if (extension.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
                && HeaderUtilities.TryParseNonNegativeInt32(HeaderUtilities.RemoveQuotes(extension.Value), out var seconds))
            {
                return EntryLifetime.Limit(TimeSpan.FromSeconds(seconds), shortest: TimeSpan.Zero);
            }
        }

        return null;
    }
}
