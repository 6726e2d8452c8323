using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Registration;
using RedisResilience.HttpSemantics;

namespace RedisResilience.AspNetCore.Caching.Rules;

/// <summary>For how long a response may be served stale by what it says itself (RFC 9111, section 4.2.4; RFC 5861).</summary>
internal static class StaleWindow
{
    /// <summary>Whether it must not be served stale; <c>s-maxage</c> means that too, unless the response itself allows more.</summary>
    public static bool IsForbidden(in CacheControl control) => IsAlwaysForbidden(control) || control.SharedMaxAge is not null;

    /// <summary>The time; null when it says nothing.</summary>
    /// <param name="said">What <c>stale-while-revalidate</c> or <c>stale-if-error</c> says.</param>
    /// <param name="control">All that the response says.</param>
    /// <param name="status">Its status: an error is not served stale.</param>
    public static TimeSpan? Of(TimeSpan? said, in CacheControl control, int status) =>
        IsAlwaysForbidden(control) ? TimeSpan.Zero
        : said is { } window ? EntryLifetime.Limit(window, shortest: TimeSpan.Zero)
        : control.SharedMaxAge is not null || status != StatusCodes.Status200OK ? TimeSpan.Zero
        : null;

    private static bool IsAlwaysForbidden(in CacheControl control) => control.MustRevalidate || control.ProxyRevalidate;
}
