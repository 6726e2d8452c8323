using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace RedisResilience.Diagnostics;

/// <summary>Metrics of whether Redis is in use, how soon an outage was noticed, and how long it lasted.</summary>
internal static class CircuitMetrics
{
    private static readonly ConcurrentDictionary<IRedisStatus, Func<ServerIdentity>> Watched = new();

    private static readonly Counter<long> Transitions = ResilienceMeter.Meter.CreateCounter<long>(
        "redis_resilience.circuit.transitions", "{transition}",
            "How often Redis has come into use and gone out of it, by state and reason.");

    private static readonly Histogram<double> Detections = ResilienceMeter.Meter.CreateHistogram(
        "redis_resilience.circuit.detection.duration", "s", "From the first sign that Redis is away until nobody is sent to it any more.",
            advice: ResilienceMeter.DurationBuckets);

    private static readonly Histogram<double> Outages = ResilienceMeter.Meter.CreateHistogram(
        "redis_resilience.circuit.outage.duration",
        "s",
        "How long Redis was out of use.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600] });

    static CircuitMetrics()
    {
        ResilienceMeter.Meter.CreateObservableGauge(
            "redis_resilience.circuit.closed",
            static () => Observe(static status => status.Availability == RedisAvailability.Available ? 1 : 0),
            "1",
            "1 while Redis is in use, 0 while calls go on without it.");
        ResilienceMeter.Meter.CreateObservableGauge(
            "redis_resilience.shards.away",
            static () => Observe(static status => status.ShardsAway),
            "{shard}",
            "How many shards of a cluster are out of use while the others serve on.");
    }

    /// <summary>Adds a Redis to the observed states.</summary>
    public static void Watch(IRedisStatus status, Func<ServerIdentity> server) => Watched[status] = server;

    public static void Forget(IRedisStatus status) => Watched.TryRemove(status, out _);

    public static void RecordOpened(ServerIdentity server, string reason, TimeSpan detection)
    {
        var tags = server.Tags("reason", reason);
        Detections.Record(detection, tags);
        tags.Add("state", "open");
        Transitions.Count(1, tags);
    }

    /// <param name="server">Which Redis it is.</param>
    /// <param name="outage">Null for the first time.</param>
    public static void RecordClosed(ServerIdentity server, TimeSpan? outage)
    {
        Transitions.Count(1, server.Tags("state", "closed"));
        if (outage is { } duration)
        {
            var tags = default(TagList);
            server.AddTo(ref tags);
            Outages.Record(duration, tags);
        }
    }

    private static IEnumerable<Measurement<long>> Observe(Func<RedisStatus, long> what) => Watched.Select(watched =>
    {
        var tags = default(TagList);
        watched.Value().AddTo(ref tags);
        return new Measurement<long>(what(watched.Key.Current), tags);
    });
}
