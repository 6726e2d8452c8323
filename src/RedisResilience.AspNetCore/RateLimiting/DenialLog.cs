using Microsoft.Extensions.Logging;
using RedisResilience.AspNetCore.Registration;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>Logs who was denied, with a bounded number of lines a minute, so that a flood of requests does not flood the log.</summary>
internal sealed class DenialLog(ILogger logger, TimeProvider time, int linesPerMinute)
{
    private readonly Lock _lock = new();
    private long _since;
    private int _denials;

    /// <summary>Says that a policy has denied a request, unless this minute has had its lines.</summary>
    public void Write(RateLimitAcquisition denied)
    {
        if (linesPerMinute > 0 && logger.IsEnabled(LogLevel.Information) && TryTake() is { } left)
        {
            Log.RequestDenied(logger, denied.PolicyName, denied.Key, left);
        }
    }

    // How many of the minute before have had no line; null when this one gets none either.
    private int? TryTake()
    {
        lock (_lock)
        {
            var left = 0;
            if (_denials == 0 || time.GetElapsedTime(_since) >= TimeSpan.FromMinutes(1))
            {
                left = Math.Max(0, _denials - linesPerMinute);
                (_since, _denials) = (time.GetTimestamp(), 0);
            }

            return ++_denials <= linesPerMinute ? left : null;
        }
    }
}
