using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.Caching.Stores;

/// <summary>
/// Repeats in the background what the store has not answered, until nothing is left. It is needed when the circuit stays closed, for
/// example after a single lost reply, because no recovery step runs then.
/// </summary>
/// <param name="isDone">Whether nothing is left over.</param>
/// <param name="attempt">Repeats everything that is left.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class BackgroundRetry(Func<bool> isDone, Func<Task> attempt, TimeProvider timeProvider)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private int _isRunning;

    /// <summary>Starts the retries. Call it when something is left.</summary>
    public void Start()
    {
        if (!isDone() && Interlocked.Exchange(ref _isRunning, 1) == 0)
        {
            _ = RunAsync();
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "In the background, where nobody would "
        + "hear of it: it is tried again.")]
    private async Task RunAsync()
    {
        while (!isDone())
        {
            await Task.Delay(Interval, timeProvider).ConfigureAwait(false);
            try
            {
                await attempt().ConfigureAwait(false);
            }
            catch (Exception)
            {
                // As said.
            }
        }

        // Whoever came between the last look and this has found it running.
        Interlocked.Exchange(ref _isRunning, 0);
        Start();
    }
}
