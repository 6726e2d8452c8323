using RedisResilience.Diagnostics;

namespace Predictions.Startup;

/// <summary>The sample serves without Redis, too. It waits for it only where it has just said what will be seen with it.</summary>
internal static class RedisWait
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Waits until Redis is in use, for a while at the most.</summary>
    public static async Task WaitAsync(this IRedisStatus status, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        try
        {
            await status.WaitUntilAvailableAsync(cancellationToken).WaitAsync(Patience, timeProvider, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The page and the health check say how it stands.
        }
    }
}
