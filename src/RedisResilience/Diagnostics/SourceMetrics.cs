namespace RedisResilience.Diagnostics;

/// <summary>How busy the source behind the cache is: what it loads just now, and what waits for its turn.</summary>
/// <remarks>Counted here and observed, so that whoever begins to listen while loads are under way is told the truth, and none that is below
/// zero when they end.</remarks>
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
