using System.Diagnostics.Metrics;

namespace RedisResilience.Diagnostics;

/// <summary>The counters of the meter <c>RedisResilience</c>. A key is never a tag. They cost nothing while nobody listens.</summary>
internal static class ResilienceMetrics
{
    public const string MeterName = ResilienceMeter.Name;

    private const string NoPolicy = "default";
    private const int MaximumNames = 100;

    private static readonly BoundedNames Policies = new(MaximumNames);
    private static readonly BoundedNames Namespaces = new(MaximumNames);

    private static readonly Counter<long> Decisions = ResilienceMeter.Meter.CreateCounter<long>(
        "redis_resilience.rate_limit.decisions", "{decision}", "Decisions of the rate limiter, by outcome, by who decided and by policy.");

    private static readonly Counter<long> Reads = ResilienceMeter.Meter.CreateCounter<long>(
        "redis_resilience.cache.reads", "{read}", "Reads of the response cache, by outcome and by namespace.");

    private static readonly Counter<long> Writes = ResilienceMeter.Meter.CreateCounter<long>(
        "redis_resilience.cache.writes", "{write}", "Writes to the response cache, by outcome.");

    private static readonly Counter<long> Unreadable = ResilienceMeter.Meter.CreateCounter<long>(
        "redis_resilience.cache.unreadable", "{entry}", "Entries that were there and could not be read, by reason.");

    private static readonly Counter<long> Faults = ResilienceMeter.Meter.CreateCounter<long>(
        "redis_resilience.gateway.faults", "{fault}", "Commands that were sent and got no answer, by reason.");

    /// <param name="isAllowed">Whether the call may go on.</param>
    /// <param name="decider"><c>redis</c>, <c>local</c> or <c>failure_policy</c>.</param>
    /// <param name="policy">The limit's name. Null when it has none.</param>
    public static void RecordDecision(bool isAllowed, string decider, string? policy)
    {
        if (Decisions.Enabled)
        {
            Decisions.Count(1, "outcome", isAllowed
                ? "allowed"
                : "denied", "decider", decider, "policy", policy is null ? NoPolicy : Policies.Of(policy));
        }
    }

    /// <summary>Whether a listener counts reads. Without one, their namespace is not looked up.</summary>
    public static bool CountsReads => Reads.Enabled;

    /// <param name="outcome"><c>hit</c>, <c>stale</c>, <c>miss</c>, <c>collapsed</c> or <c>unavailable</c>.</param>
    /// <param name="space">The key's namespace, such as <c>predictions:v1</c>. Empty when it has none.</param>
    public static void RecordRead(string outcome, ReadOnlySpan<char> space)
    {
        if (space.IsEmpty)
        {
            Reads.Count(1, "outcome", outcome);
        }
        else
        {
            Reads.Count(1, "outcome", outcome, "namespace", Namespaces.Of(space));
        }
    }

    /// <param name="outcome"><c>stored</c>, <c>too_large</c> or <c>unavailable</c>.</param>
    public static void RecordWrite(string outcome) => Writes.Count(1, "outcome", outcome);

    /// <param name="reason"><c>truncated</c>, <c>other_version</c>, <c>other_key</c>, <c>damaged</c>, <c>too_large</c> or
    /// <c>other_schema</c>.</param>
    public static void RecordUnreadable(string reason) => Unreadable.Count(1, "reason", reason);

    public static void RecordFault(ServerIdentity server, string reason)
    {
        if (Faults.Enabled)
        {
            Faults.Count(1, server.Tags("reason", reason));
        }
    }
}
