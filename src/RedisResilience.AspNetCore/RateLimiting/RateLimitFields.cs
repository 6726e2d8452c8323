using System.Globalization;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>The values of the <c>RateLimit-Policy</c> and <c>RateLimit</c> fields of one limit (draft-ietf-httpapi-ratelimit-headers-11).</summary>
internal sealed class RateLimitFields(RateLimit limit)
{
    public const string PolicyField = "RateLimit-Policy";
    public const string StateField = "RateLimit";

    private const string DefaultName = "default";

    private readonly string _stateStart = $"\"{NameOf(limit)}\";r=";

    /// <summary>The quota itself, the same on every response: <c>"default";q=100;w=3600</c>.</summary>
    public string Policy { get; } = DescribePolicy(limit);

    public static string NameOf(RateLimit limit) => limit.Name ?? DefaultName;

    /// <summary>What is left of the quota: <c>"default";r=99;t=3557</c>.</summary>
    public string State(in RateLimitDecision decision)
    {
        // A denied client gets the time of Retry-After, for that must not be earlier than t.
        var seconds = decision.IsAllowed ? WholeSeconds.Up(decision.ResetAfter) : RetryAfter(decision);
        return seconds > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{_stateStart}{decision.Remaining};t={seconds}")
            : string.Create(CultureInfo.InvariantCulture, $"{_stateStart}{decision.Remaining}");
    }

    /// <summary>When a denied client should come back, in whole seconds, at least 1.</summary>
    public static long RetryAfter(in RateLimitDecision decision) =>
        Math.Max(1, WholeSeconds.Up(decision.RetryAfter > TimeSpan.Zero ? decision.RetryAfter : decision.ResetAfter));

    private static string DescribePolicy(RateLimit limit)
    {
        var quota = string.Create(CultureInfo.InvariantCulture, $"\"{NameOf(limit)}\";q={limit.Permits}");

        // The draft's w is an integer: of a window that is not one, nothing is said rather than something false.
        return limit is FixedWindow { Window: var window } && window.Ticks % TimeSpan.TicksPerSecond == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{quota};w={window.Ticks / TimeSpan.TicksPerSecond}")
            : quota;
    }
}
