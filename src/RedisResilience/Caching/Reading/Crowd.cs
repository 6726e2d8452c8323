namespace RedisResilience.Caching.Reading;

/// <summary>How many read a key over and over, as far as its last reads have shown. Of those, some are always on their way: no single read
/// sees them all.</summary>
internal struct Crowd
{
    // Of fewer, a read more or less costs less than the wait.
    private const int Least = 8;

    private int _size;

    /// <summary>A read has ended.</summary>
    /// <param name="told">Those who shared it.</param>
    /// <param name="gathered">Those who have gathered meanwhile.</param>
    public void Observe(int told, int gathered) => _size = Math.Max(told + gathered, _size - 1);

    /// <summary>How many to wait for: two thirds of them all. 0 for not at all, when as many have gathered.</summary>
    public readonly int Expected(int gathered)
    {
        var expected = _size * 2 / 3;
        return _size >= Least && gathered < expected ? expected : 0;
    }

    /// <summary>They have not come.</summary>
    public void Forget() => _size = 0;
}
