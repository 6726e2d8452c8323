namespace RedisResilience.Caching.Reading;

/// <summary>Whether it pays to wait for more readers before the next read of a key is sent.</summary>
internal static class Crowd
{
    // Of fewer, a read more or less costs less than the wait.
    private const int Least = 8;

    /// <summary>How many to wait for: two thirds of all who are about, since who was told just now may come again. 0 for not at all.</summary>
    /// <param name="told">Those who shared the last read.</param>
    /// <param name="gathered">Those who have gathered meanwhile.</param>
    public static int Expected(int told, int gathered)
    {
        var all = told + gathered;
        var expected = all * 2 / 3;
        return all >= Least && gathered < expected ? expected : 0;
    }
}
