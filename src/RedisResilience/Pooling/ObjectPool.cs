using System.Collections.Concurrent;

namespace RedisResilience.Pooling;

/// <summary>
/// A pool of objects for reuse: one object for each thread, which costs almost nothing, and a bounded number shared by all threads.
/// </summary>
/// <typeparam name="T">The type of the objects. After an object is returned, the caller must not use it any more.</typeparam>
internal static class ObjectPool<T>
    where T : class
{
    private const int Capacity = 1024;

    private static readonly ConcurrentQueue<T> Shared = new();
    private static int _count;

    [ThreadStatic]
    private static T? _own;

    /// <summary>Null when there are none.</summary>
    public static T? TryTake()
    {
        if (_own is { } own)
        {
            _own = null;
            return own;
        }

        if (Volatile.Read(ref _count) == 0 || !Shared.TryDequeue(out var spare))
        {
            return null;
        }

        Interlocked.Decrement(ref _count);
        return spare;
    }

    public static void Put(T spare)
    {
        if (_own is null)
        {
            _own = spare;
        }
        else if (Interlocked.Increment(ref _count) <= Capacity)
        {
            Shared.Enqueue(spare);
        }
        else
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
