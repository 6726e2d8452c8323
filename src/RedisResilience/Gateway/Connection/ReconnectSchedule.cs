using StackExchange.Redis;

namespace RedisResilience.Gateway.Connection;

/// <summary>
/// When the client tries to connect again: soon, and at a random moment, so that the processes of a deployment do not all connect at once.
/// </summary>
/// <remarks>Full jitter: each attempt waits a random part of a span that grows to half a second, which keeps the return within a
/// second.</remarks>
internal sealed class ReconnectSchedule : IReconnectRetryPolicy
{
    private const int FirstSpan = 100;
    private const int LongestSpan = 500;

    private long _attempt = -1;
    private int _wait;

    public bool ShouldRetry(long currentRetryCount, int timeElapsedMillisecondsSinceLastRetry)
    {
        // Asked at every heartbeat; the dice are rolled once an attempt, or else the shortest roll would win.
        if (currentRetryCount != _attempt)
        {
            _attempt = currentRetryCount;
            var span = (int)Math.Min(FirstSpan << (int)Math.Min(currentRetryCount, 8), LongestSpan);
            _wait = Random.Shared.Next(span + 1);
        }

        return timeElapsedMillisecondsSinceLastRetry >= _wait;
    }
}
