using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace RedisResilience.Diagnostics;

/// <summary>Measures the time of each command, and makes a span for each while a listener records spans.</summary>
internal static class CommandMetrics
{
    private const string System = "redis";
    private const string StatusCode = "db.response.status_code";

    private static readonly Histogram<double> Durations = ResilienceMeter.Meter.CreateHistogram(
        "db.client.operation.duration", "s", "How long callers waited for a command.", advice: ResilienceMeter.DurationBuckets);

    private static readonly Counter<long> Bytes = ResilienceMeter.Meter.CreateCounter<long>(
        "redis_resilience.gateway.io", "By", "Bytes of values that were read from Redis and sent to it.");

    public static void RecordReceived(int bytes) => Bytes.Count(bytes, "network.io.direction", "receive");

    public static void RecordSent(int bytes) => Bytes.Count(bytes, "network.io.direction", "transmit");

    /// <summary>Whether a listener wants measurements. Without one, nothing is measured.</summary>
    public static bool IsListenedTo => Durations.Enabled || ResilienceMeter.Activities.HasListeners();

    /// <summary>Begins a span. Null when no listener records spans, and when the listener has failed.</summary>
    public static Activity? Begin(string operation, ServerIdentity server)
    {
        if (!ResilienceMeter.Activities.HasListeners())
        {
            return null;
        }

        try
        {
            var tags = TagsOf(operation, server);
            return ResilienceMeter.Activities.StartActivity(operation, ActivityKind.Client, default(ActivityContext), tags);
        }
        catch (Exception exception) when (Measurements.IsListenersOwn(exception))
        {
            return null;
        }
    }

    /// <param name="activity">The command's span.</param>
    /// <param name="operation">Its name, such as <c>GET</c>.</param>
    /// <param name="server">Where it went.</param>
    /// <param name="duration">How long the caller has waited.</param>
    /// <param name="error">Why there is no answer. Null when there is one.</param>
    /// <param name="statusCode">The word with which the server's error begins. Null when there is none.</param>
    public static void End(
        Activity? activity, string operation, ServerIdentity server, TimeSpan duration, string? error, string? statusCode)
    {
        if (Durations.Enabled)
        {
            var tags = TagsOf(operation, server);
            if (error is not null)
            {
                tags.Add("error.type", error);
            }

            if (statusCode is not null)
            {
                tags.Add(StatusCode, statusCode);
            }

            Durations.Record(duration, tags);
        }

        try
        {
            if (error is not null)
            {
                // A tag whose value is null is none.
                activity?.SetTag("error.type", error).SetTag(StatusCode, statusCode).SetStatus(ActivityStatusCode.Error);
            }

            activity?.Dispose();
        }
        catch (Exception exception) when (Measurements.IsListenersOwn(exception))
        {
            // The listener's own mistake.
        }
    }

    private static TagList TagsOf(string operation, ServerIdentity server)
    {
        var tags = new TagList { { "db.system.name", System }, { "db.operation.name", operation }, { "db.namespace", server.Namespace } };
        server.AddTo(ref tags);
        return tags;
    }
}
