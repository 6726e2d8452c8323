using System.Diagnostics.Metrics;

namespace RedisResilience.Diagnostics;

/// <summary>How busy the source behind the cache is: what it loads just now, and what waits for its turn.</summary>
internal static class SourceMetrics
{
    private static readonly UpDownCounter<long> Loads = ResilienceMeter.Meter.CreateUpDownCounter<long>(
        "redis_resilience.cache.source.loads", "{load}", "Loads of the source that are under way.");

    private static readonly UpDownCounter<long> Queue = ResilienceMeter.Meter.CreateUpDownCounter<long>(
        "redis_resilience.cache.source.queue", "{load}", "Loads of the source that wait for their turn.");

    public static void LoadBegins() => Loads.Move(1);

    public static void LoadEnds() => Loads.Move(-1);

    public static void WaitBegins() => Queue.Move(1);

    public static void WaitEnds() => Queue.Move(-1);
}
