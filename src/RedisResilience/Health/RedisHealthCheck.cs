using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;

namespace RedisResilience.Health;

/// <summary>
/// Reports the state of each Redis and what is stored in it. It is never unhealthy, because the service works without Redis.
/// </summary>
internal sealed class RedisHealthCheck(IReadOnlyList<CheckedRedis> servers) : IHealthCheck
{
    public RedisHealthCheck(IRedisStatus status, ICacheUsage? usage = null)
        : this([new CheckedRedis(Name: null, status, usage)])
    {
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var results = servers.Select(server => (server.Name, Result: Check(server.Status, server.Usage))).ToList();
        var data = results.SelectMany(
            server => server.Result.Data.Select(item => KeyValuePair.Create(Label(server.Name, ".") + item.Key, item.Value)));
        return Task.FromResult(new HealthCheckResult(
            results.Select(server => server.Result.Status).DefaultIfEmpty(HealthStatus.Healthy).Min(),
            string.Join(' ', results.Select(server => Label(server.Name, ": ") + server.Result.Description)),
            data: new Dictionary<string, object>(data)));
    }

    private static string Label(string? name, string end) => name is null ? "" : name + end;

    private static HealthCheckResult Check(IRedisStatus status, ICacheUsage? usage)
    {
        var current = status.Current;
        var data = Data(current);
        var namespaces = usage?.Namespaces ?? [];
        if (namespaces.Count > 0)
        {
            data["namespaces"] = namespaces;
        }

        return current.Availability switch
        {
            RedisAvailability.NotConfigured when current.Refusal is { } refusal =>
                HealthCheckResult.Degraded($"No Redis is configured: {refusal}.", data: data),
            RedisAvailability.NotConfigured => HealthCheckResult.Healthy("No Redis is configured.", data),
            RedisAvailability.Available when current.ShardsAway > 0 =>
                HealthCheckResult.Degraded($"{Describe(current)} {DescribeShards(current)}", data: data),
            RedisAvailability.Available when current.Refusal is { } refusal => HealthCheckResult.Degraded(
                $"{Describe(current)} It refuses some calls, which go on without it: {refusal}.", data: data),
            RedisAvailability.Available => usage is { IsFull: true }
                ? HealthCheckResult.Degraded(
                    $"{Describe(current)} This process has cached as many keys as it may, and stores no new ones.", data: data)
                : HealthCheckResult.Healthy(Describe(current), data),
            RedisAvailability.Connecting => HealthCheckResult.Degraded($"Redis is being connected to: {Reason(current)}.", data: data),
            _ => HealthCheckResult.Degraded($"Redis is not in use: {Reason(current)}.", data: data),
        };
    }

    private static string Reason(in RedisStatus current) => current.Reason?.TrimEnd('.') ?? "the reason is not known";

    private static string Describe(in RedisStatus current)
    {
        var roundTrip = current.RoundTrip is { } measured
            ? string.Create(CultureInfo.InvariantCulture, $"round trip {measured.TotalMilliseconds:0.0} ms")
            : "round trip not measured yet";
        var far = current.IsFar ? ", but far away" : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"Redis is in use{far}: {roundTrip}, deadline {current.CommandDeadline.TotalMilliseconds:0} ms.");
    }

    private static string DescribeShards(in RedisStatus current) => current.ShardsAway == 1
        ? "1 of the cluster's shards is not: calls for its keys go on without Redis."
        : string.Create(CultureInfo.InvariantCulture,
            $"{current.ShardsAway} of the cluster's shards are not: calls for their keys go on without Redis.");

    private static Dictionary<string, object> Data(in RedisStatus current)
    {
        var data = new Dictionary<string, object>
        {
            ["availability"] = current.Availability.ToString(),
            ["mode"] = current.Availability == RedisAvailability.Available ? "with Redis" : "without Redis",
            ["deadlineMilliseconds"] = current.CommandDeadline.TotalMilliseconds,
        };
        if (current.ShardsAway > 0)
        {
            data["shardsAway"] = current.ShardsAway;
        }

        if (current.Reason is { } reason)
        {
            data["reason"] = reason;
        }

        if (current.Refusal is { } refusal)
        {
            data["refusal"] = refusal;
        }

        if (current.RoundTrip is { } roundTrip)
        {
            data["roundTripMilliseconds"] = roundTrip.TotalMilliseconds;
        }

        return data;
    }
}
