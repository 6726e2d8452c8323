namespace RedisResilience.Diagnostics;

/// <summary>Metrics of how busy the source behind the cache is: the loads that run, and the loads that wait for their turn.</summary>
/// <remarks>
/// The counts are kept here and observed. So a listener that begins while loads are under way gets the right number, and never one below
/// zero.
/// </remarks>
internal static class SourceMetrics
{
    private static long _loads;
    private static long _queue;

    static SourceMetrics()
    {
        ResilienceMeter.Meter.CreateObservableUpDownCounter(
            "redis_resilience.cache.source.loads", static () =>
                Interlocked.Read(ref _loads), "{load}", "Loads of the source that are under way.");
        ResilienceMeter.Meter.CreateObservableUpDownCounter(
            "redis_resilience.cache.source.queue", static () =>
                Interlocked.Read(ref _queue), "{load}", "Loads of the source that wait for their turn.");
    }

    public static void LoadBegins() => Interlocked.Increment(ref _loads);

    public static void LoadEnds() => Interlocked.Decrement(ref _loads);

    public static void WaitBegins() => Interlocked.Increment(ref _queue);

    public static void WaitEnds() => Interlocked.Decrement(ref _queue);
}
