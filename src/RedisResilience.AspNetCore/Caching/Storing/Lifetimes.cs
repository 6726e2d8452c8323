using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching.Rules;
using RedisResilience.AspNetCore.Registration;
using RedisResilience.Caching;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>For how long a response is kept, by what it says itself and else by what the endpoint's builder says.</summary>
internal static class Lifetimes
{
    private static readonly TimeSpan LeastKept = TimeSpan.FromMinutes(1);

    /// <summary>The source's response with its times, its type and its tag.</summary>
    public static SourceResponse Give(
        in SourceResponse source, int status, IHeaderDictionary headers, in ResponseFreshness freshness, in CacheLookup lookup)
    {
        var entry = lookup.Entry;
        var control = freshness.Control;
        var otherwise = entry.Statuses.TryGetValue(status, out var time) ? time : lookup.TimeToLive;
        var timeToLive = EntryLifetime.Limit(freshness.FreshFor ?? otherwise);
        var failing = StaleWindow.Of(control.StaleIfError, control, status);
        var hasValidator = headers.ETag.Count > 0 || headers.LastModified.Count > 0;
        return source with
        {
            TimeToLive = timeToLive,
            StaleWhileRevalidate = StaleWindow.Of(control.StaleWhileRevalidate, control, status),

            // Kept for as long again, so that the endpoint may confirm it; whether it is served stale is the reader's question.
            StaleIfError = hasValidator
            ? Longest(failing ?? entry.StaleIfError, EntryLifetime.Limit(Longest(timeToLive, LeastKept))) : failing,
            ContentType = headers.ContentType.Count == 0 || ResponseRules.IsPlainJson(headers.ContentType)
                ? null : headers.ContentType.ToString(),
            ETag = headers.ETag.Count > 0 ? headers.ETag.ToString() : null,
        };
    }

    private static TimeSpan Longest(TimeSpan first, TimeSpan second) => first > second ? first : second;
}
