using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace RedisResilience.Diagnostics;

/// <summary>
/// Passes measurements to listeners, and ignores their exceptions. Such an exception would otherwise break a call, or end the process on a
/// thread of the pool.
/// </summary>
internal static class Measurements
{
    public static void Count(this Counter<long> counter, long count, in TagList tags) => Add(counter, count, tags);

    public static void Count(this Counter<long> counter, long count, string tag, string value)
    {
        if (counter.Enabled)
        {
            Add(counter, count, new TagList { { tag, value } });
        }
    }

    public static void Count(this Counter<long> counter, long count, string tag, string value, string otherTag, string otherValue)
    {
        if (counter.Enabled)
        {
            Add(counter, count, new TagList { { tag, value }, { otherTag, otherValue } });
        }
    }

    public static void Count(
        this Counter<long> counter, long count, string tag, string value, string otherTag, string otherValue, string thirdTag,
        string thirdValue)
    {
        if (counter.Enabled)
        {
            Add(counter, count, new TagList { { tag, value }, { otherTag, otherValue }, { thirdTag, thirdValue } });
        }
    }

    /// <summary>Whatever a listener throws, short of what ends the process anyway.</summary>
    public static bool IsListenersOwn(Exception exception) =>
        exception is not (OutOfMemoryException or InsufficientExecutionStackException);

    private static void Add(Counter<long> counter, long count, in TagList tags)
    {
        try
        {
            counter.Add(count, tags);
        }
        catch (Exception exception) when (IsListenersOwn(exception))
        {
            // There is nowhere left to tell it.
        }
    }

    public static void Record(this Histogram<double> histogram, TimeSpan duration, in TagList tags)
    {
        try
        {
            histogram.Record(duration.TotalSeconds, tags);
        }
        catch (Exception exception) when (IsListenersOwn(exception))
        {
            // There is nowhere left to tell it.
        }
    }
}
