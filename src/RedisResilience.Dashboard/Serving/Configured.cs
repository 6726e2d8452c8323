using System.Globalization;
using System.Text.RegularExpressions;
using RedisResilience.AspNetCore;
using RedisResilience.RateLimiting;

namespace RedisResilience.Dashboard.Serving;

/// <summary>The endpoints and policies of the application, as text.</summary>
internal sealed partial class Configured(IEndpointOverview? overview)
{
    public EndpointRow[] Endpoints() => [.. Read().Select(endpoint => new EndpointRow(
        endpoint.Route,
        string.Join(", ", endpoint.Methods),
        [.. endpoint.Limits.Select(limit => limit.Name)],
        endpoint.TimeToLive?.TotalSeconds))];

    public PolicyRow[] Policies() => [.. Limits().Select(limit => new PolicyRow(
        limit.Name,
        limit.Limit is { } known ? Describe(known) : "depends on the request",
        limit.Limit?.FailurePolicy switch { FailurePolicy.Allow =>
            "allow", FailurePolicy.Deny => "deny", FailurePolicy.Local => "this process's share", _ => "" },
        limit.Limit is not null))];

    /// <summary>The limit of a policy. Null when there is no policy of that name, or its limit depends on the request.</summary>
    public RateLimit? Find(string policy) => Limits().FirstOrDefault(limit => limit.Name == policy)?.Limit;

    internal static string Describe(RateLimit limit) =>
        limit.Parts.Length > 0 ? string.Join(" and ", limit.Parts.Select(Describe))
        : limit.IsHeld ? string.Create(CultureInfo.InvariantCulture, $"{limit.Permits:N0} at once")
        : string.Create(CultureInfo.InvariantCulture, $"{limit.Permits:N0} in {Length(limit)}, "
            + $"{WordStart().Replace(limit.GetType().Name, " $1").Trim().ToLowerInvariant()}");

    private static string Length(RateLimit limit) => limit.IsWindowConstant ? Describe(limit.Window) : $"at most {Describe(limit.Window)}";

    private static string Describe(TimeSpan time) =>
        time.TotalDays >= 1 && time.Ticks % TimeSpan.TicksPerDay == 0 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays} d")
        : time.TotalHours >= 1 && time.Ticks % TimeSpan.TicksPerHour == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours} h")
        : time.TotalMinutes >= 1 && time.Ticks % TimeSpan.TicksPerMinute == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes} min")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds} s");

    private IEnumerable<EndpointLimit> Limits() =>
        Read().SelectMany(endpoint => endpoint.Limits).DistinctBy(limit => limit.Name).OrderBy(limit => limit.Name, StringComparer.Ordinal);

    private IReadOnlyList<EndpointDescription> Read()
    {
        try
        {
            return overview?.Endpoints ?? [];
        }
        catch (InvalidOperationException)
        {
            // The application says it at its start; here it is no reason to show nothing else.
            return [];
        }
    }

    [GeneratedRegex("([A-Z])")]
    private static partial Regex WordStart();
}
