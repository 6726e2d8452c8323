using System.Globalization;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>
/// One limit's items of the <c>RateLimit-Policy</c> and <c>RateLimit</c> fields (draft-ietf-httpapi-ratelimit-headers-11, RFC 9651).
/// </summary>
/// <remarks>A limit's name needs no escaping as a String: its alphabet has neither quotes nor backslashes.</remarks>
internal sealed class RateLimitFields(string name, RateLimit limit, QuotaUnit unit)
{
    public const string PolicyField = "RateLimit-Policy";
    public const string StateField = "RateLimit";
    public const string XLimitField = "X-RateLimit-Limit";
    public const string XRemainingField = "X-RateLimit-Remaining";
    public const string XResetField = "X-RateLimit-Reset";

    private readonly string _stateStart = $"\"{name}\";r=";

    public string Name { get; } = name;

    public int Permits { get; } = limit.Permits;

    /// <summary>The quota itself, the same on every response: <c>"default";q=100;w=3600</c>.</summary>
    public string Policy { get; } = string.Create(
        CultureInfo.InvariantCulture, $"\"{name}\";q={limit.Permits}{DescribeUnit(limit, unit)}{DescribeWindow(limit)}");

    /// <summary>The remaining quota: <c>"default";r=99;t=3557</c>.</summary>
    public string State(int remaining, long seconds) => seconds > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{_stateStart}{remaining};t={seconds}")
        : string.Create(CultureInfo.InvariantCulture, $"{_stateStart}{remaining}");

    private static string DescribeUnit(RateLimit limit, QuotaUnit unit) =>
        limit.IsHeld ? ";qu=\"concurrent-requests\""
        : unit == QuotaUnit.ContentBytes ? ";qu=\"content-bytes\""
        : "";

    // The draft's w is an integer: of a window that is not one, or not always the same, nothing is said rather than something false.
    private static string DescribeWindow(RateLimit limit)
    {
        var (seconds, rest) = long.DivRem(limit.Window.Ticks, TimeSpan.TicksPerSecond);
        return seconds > 0 && rest == 0 && limit.IsWindowConstant ? string.Create(CultureInfo.InvariantCulture, $";w={seconds}") : "";
    }
}
