using RedisResilience.Caching.Entries;

namespace RedisResilience.Caching.LocalTier;

/// <summary>A copy of an entry.</summary>
/// <param name="bytes">The whole value, in memory of its own.</param>
/// <param name="kind">What it is.</param>
/// <param name="epoch">The tier's epoch in which it was read: of another, it is as good as gone.</param>
/// <param name="usableUntil">When it is no longer used, by the tier's clock.</param>
/// <param name="endsAt">When Redis forgets the entry, by the tier's clock; <see cref="long.MaxValue"/> for one without an end.</param>
internal sealed class LocalEntry(byte[] bytes, EntryKind kind, long epoch, long usableUntil, long endsAt)
{
    // An object, two headers of arrays, the nodes of the map and of its queues: measured to be less.
    private const int Overhead = 256;

    public byte[] Bytes { get; } = bytes;

    public EntryKind Kind { get; } = kind;

    public long Epoch { get; } = epoch;

    public long UsableUntil { get; } = usableUntil;

    public long EndsAt { get; } = endsAt;

    /// <summary>How much memory it takes, with its key.</summary>
    public static long Weigh(string key, int length) => Overhead + (sizeof(char) * key.Length) + length;
}
