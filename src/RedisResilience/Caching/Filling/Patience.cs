namespace RedisResilience.Caching.Filling;

/// <summary>
/// Waits for another process's load. It looks again soon at first, then at growing random intervals, and at once when the lease ends.
/// </summary>
internal sealed class Patience(TimeSpan maximumWait, long since, TimeProvider timeProvider)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);

    private TimeSpan _next = First;

    /// <summary>Waits until the next look. False when the caller has no time left.</summary>
    /// <param name="lease">How long the other process's lease stands.</param>
    public async ValueTask<bool> WaitAsync(TimeSpan lease)
    {
        var left = maximumWait - timeProvider.GetElapsedTime(since);
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        var wait = _next * (0.5 + (Random.Shared.NextDouble() / 2));
        _next = _next * 2 < Longest ? _next * 2 : Longest;

        // Timers count whole milliseconds, and a lease stands through the one it ends in.
        var end = lease + TimeSpan.FromMilliseconds(1);
        wait = wait < end ? wait : end;
        wait = wait < left ? wait : left;
        await Task.Delay(wait > TimeSpan.FromMilliseconds(1) ? wait : TimeSpan.FromMilliseconds(1), timeProvider).ConfigureAwait(false);
        return true;
    }
}
