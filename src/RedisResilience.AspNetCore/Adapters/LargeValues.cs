using Microsoft.Extensions.Logging;
using RedisResilience.AspNetCore.Registration;

namespace RedisResilience.AspNetCore.Adapters;

/// <summary>Tells of values that are too large to be stored: whoever stores them through an interface of the platform hears nothing else of it.</summary>
internal sealed class LargeValues(int maximum, ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private long _toldAt = time.GetTimestamp() - (long)(Pause.TotalSeconds * time.TimestampFrequency);

    public void Notice(long length)
    {
        var toldAt = Interlocked.Read(ref _toldAt);
        if (length > maximum && time.GetElapsedTime(toldAt) >= Pause && Interlocked.CompareExchange(ref _toldAt, time.GetTimestamp(), toldAt) == toldAt)
        {
            Log.ValueTooLarge(logger, length, maximum);
        }
    }
}
