namespace RedisResilience.Gateway.Calls;

/// <summary>
/// Counts the bytes of bodies on their way to Redis. When there are too many, it drops the next body, because Redis cannot keep up with the
/// writes.
/// </summary>
internal sealed class BodiesInFlight(long capacity)
{
    private long _size;

    /// <summary>True when there is room. There is always room for a single body.</summary>
    public bool TryEnter(int size)
    {
        if (Interlocked.Add(ref _size, size) is var total && (total <= capacity || total == size))
        {
            return true;
        }

        Leave(size);
        return false;
    }

    public void Leave(int size) => Interlocked.Add(ref _size, -size);
}
