using RedisResilience.Http.Caching.Entries;

namespace RedisResilience.Http.Caching.Reuse;

/// <summary>Whether a stored response may answer a request (RFC 9111, sections 4 and 5.2.1; RFC 5861; RFC 8246).</summary>
internal static class ReuseRules
{
    public static ReuseDecision Judge(FoundResponse found, CacheCall call)
    {
        if (found.Response is not { } response
            || response.Policy.NoCache
            || call.IsRefresh
            || IsTooOld(found, response.Policy, call)
            || found.Left < call.Control.MinFresh)
        {
            return ReuseDecision.Ask;
        }

        if (found.Left > TimeSpan.Zero)
        {
            return ReuseDecision.Serve;
        }

        return response.Policy.ForbidsStale ? ReuseDecision.Ask
            : -found.Left <= call.Control.MaxStale ? ReuseDecision.Serve
            : -found.Left < (response.Policy.StaleWhileRevalidate ?? call.Options.StaleWhileRevalidate) ? ReuseDecision.ServeAndRefresh
            : ReuseDecision.Ask;
    }

    /// <summary>Whether a stored response may be served when its origin fails.</summary>
    public static bool MayServeStale(FoundResponse found, CacheCall call) =>
        found.Response is { Policy: { NoCache: false, ForbidsStale: false } policy } && !call.Control.NoCache
        && -found.Left < (call.Control.StaleIfError ?? policy.StaleIfError ?? call.Options.StaleIfError);

    // A reload has no effect on an immutable response that is fresh (RFC 8246).
    private static bool IsTooOld(FoundResponse found, in ReusePolicy policy, CacheCall call) =>
        call.Control.MaxAge is { } most && (most == TimeSpan.Zero ? !(policy.IsImmutable && found.Left > TimeSpan.Zero) : found.Age > most);
}
