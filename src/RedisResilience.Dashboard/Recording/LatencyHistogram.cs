using System.Numerics;

namespace RedisResilience.Dashboard.Recording;

/// <summary>
/// Counts durations in buckets of growing width, eight for each doubling. They are exact to some percent, from a microsecond to more than a
/// minute, in two kilobytes.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int BucketsPerDoubling = 8;
    private const int BitsPerDoubling = 3;
    private const int Doublings = 25;
    private const double MicrosecondsPerSecond = 1e6;

    private readonly long[] _counts = new long[Doublings * BucketsPerDoubling];
    private readonly long[] _counted = new long[Doublings * BucketsPerDoubling];
    private readonly long[] _fresh = new long[Doublings * BucketsPerDoubling];

    /// <summary>Counts a duration in seconds.</summary>
    public void Record(double seconds) => Interlocked.Increment(ref _counts[BucketOf((long)(seconds * MicrosecondsPerSecond))]);

    /// <summary>The durations since the last call. Only one caller may call it at a time.</summary>
    public Latency Take()
    {
        long total = 0;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            var count = Volatile.Read(ref _counts[bucket]);
            total += _fresh[bucket] = count - _counted[bucket];
            _counted[bucket] = count;
        }

        return total == 0
            ? default
            : new Latency(total, Quantile(total, 0.5), Quantile(total, 0.9), Quantile(total, 0.99), Quantile(total, 1));
    }

    private static int BucketOf(long microseconds)
    {
        if (microseconds < BucketsPerDoubling)
        {
            return (int)Math.Max(0, microseconds);
        }

        var doubling = BitOperations.Log2((ulong)microseconds) - BitsPerDoubling;
        var part = (int)(microseconds >> doubling) - BucketsPerDoubling;
        return Math.Min(((doubling + 1) * BucketsPerDoubling) + part, (Doublings * BucketsPerDoubling) - 1);
    }

    /// <summary>The middle of a bucket, in milliseconds.</summary>
    private static double MiddleOf(int bucket)
    {
        var doubling = Math.Max(0, (bucket / BucketsPerDoubling) - 1);
        var low = bucket < BucketsPerDoubling ? bucket : (long)(BucketsPerDoubling + (bucket % BucketsPerDoubling)) << doubling;
        return (low + ((1L << doubling) / 2.0)) / 1000;
    }

    private double Quantile(long total, double part)
    {
        var rank = (long)Math.Ceiling(part * total);
        long passed = 0;
        for (var bucket = 0; bucket < _fresh.Length; bucket++)
        {
            passed += _fresh[bucket];
            if (passed >= rank)
            {
                return MiddleOf(bucket);
            }
        }

        return MiddleOf(_fresh.Length - 1);
    }
}
