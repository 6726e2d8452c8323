using RedisResilience.Caching.Invalidation;
using RedisResilience.Diagnostics;

namespace RedisResilience.Caching.Reading;

/// <summary>Counts reads by their outcome and by the namespace of the key that the caller gave.</summary>
internal static class ReadTelemetry
{
    public static void Record(string outcome, string key)
    {
        if (ResilienceMetrics.CountsReads)
        {
            NamespaceRules.TryFind(key, out var length, out _);
            ResilienceMetrics.RecordRead(outcome, key.AsSpan(0, length));
        }
    }
}
