namespace RedisResilience.Caching.Distributed;

/// <summary>Blocks a thread until an asynchronous call has ended, for no longer than a bound.</summary>
/// <remarks>
/// A call ends on a thread of the pool. If all of these threads wait like this one, no thread is left to end the call, and the pool adds
/// threads only slowly. So this class adds one thread at once for each waiting call, up to <see cref="MostAdded"/>. If even that is not
/// enough, the wait ends at its bound.
/// </remarks>
internal static class BoundedWait
{
    private const int MostAdded = 256;

    private static readonly Lock Gate = new();
    private static int _waiting;
    private static int _added;

    /// <summary>
    /// Returns the call's result, or <paramref name="otherwise"/> when it takes too long. The call then continues without a waiting caller.
    /// </summary>
    public static T For<T>(Task<T> call, TimeSpan bound, T otherwise)
    {
        if (call.IsCompleted)
        {
            return call.GetAwaiter().GetResult();
        }

        Add(1);
        try
        {
            return Task.WaitAny([call], bound) == 0 ? call.GetAwaiter().GetResult() : otherwise;
        }
        finally
        {
            Add(-1);
        }
    }

    // The smallest number of threads is raised by those that wait, and lowered as they go on.
    private static void Add(int count)
    {
        lock (Gate)
        {
            _waiting += count;
            ThreadPool.GetMinThreads(out var workers, out var completions);
            var wanted = Math.Min(_waiting, MostAdded);
            if (ThreadPool.SetMinThreads(workers - _added + wanted, completions))
            {
                _added = wanted;
            }
        }
    }
}
