using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;

namespace RedisResilience.Diagnostics;

/// <summary>Hands measurements to whoever listens. A listener that throws does so inside of a call, or on the pool where it would end the process: it is not heard.</summary>
[SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "See above: what a listener does wrong must not take a call with it.")]
internal static class Measurements
{
    public static void Count(this Counter<long> counter, long count, string tag, string value)
    {
        if (counter.Enabled)
        {
            try
            {
                counter.Add(count, new KeyValuePair<string, object?>(tag, value));
            }
            catch (Exception)
            {
                // There is nowhere left to tell it.
            }
        }
    }

    public static void Count(this Counter<long> counter, long count, string tag, string value, string otherTag, string otherValue)
    {
        if (counter.Enabled)
        {
            try
            {
                counter.Add(count, new(tag, value), new(otherTag, otherValue));
            }
            catch (Exception)
            {
                // As above.
            }
        }
    }

    public static void Count(this Counter<long> counter, long count = 1)
    {
        if (counter.Enabled)
        {
            try
            {
                counter.Add(count);
            }
            catch (Exception)
            {
                // As above.
            }
        }
    }
}
