using Microsoft.Extensions.Logging;

namespace RedisResilience.Caching.Distributed;

/// <summary>Logs values that are too large to be stored, because the platform's interfaces have no other way to report that.</summary>
internal sealed partial class LargeValues(int maximum, ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private long _toldAt = time.GetTimestamp() - (long)(Pause.TotalSeconds * time.TimestampFrequency);

    public void Notice(long length)
    {
        var toldAt = Interlocked.Read(ref _toldAt);
        if (length > maximum
            && time.GetElapsedTime(toldAt) >= Pause
            && Interlocked.CompareExchange(ref _toldAt, time.GetTimestamp(), toldAt) == toldAt)
        {
            ValueTooLarge(logger, length, maximum);
        }
    }

    [LoggerMessage(
        151,
        LogLevel.Warning,
        "A value of {Length} bytes was not stored: with its header it is larger than MaximumEntrySize, {Maximum} bytes. This is said "
        + "once a minute.",
        EventName = "DistributedValueTooLarge")]
    private static partial void ValueTooLarge(ILogger logger, long length, int maximum);
}
