namespace RedisResilience.Gateway.Calls;

/// <summary>
/// How many bytes of bodies are on their way to Redis. Where that is much already, the next body is dropped: Redis is slower than what is
/// to be stored in it.
/// </summary>
internal sealed class BodiesInFlight(long capacity)
{
    private long _size;

    /// <summary>True when there is room. A single body always has.</summary>
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
