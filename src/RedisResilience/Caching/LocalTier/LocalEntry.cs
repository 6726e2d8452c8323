using RedisResilience.Caching.Entries;

namespace RedisResilience.Caching.LocalTier;

/// <summary>A copy of an entry.</summary>
/// <param name="bytes">The whole value, in memory of its own.</param>
/// <param name="kind">The kind of entry.</param>
/// <param name="description">The description of the body. Null when it was not decoded.</param>
/// <param name="epoch">The tier's epoch in which it was read. A copy of another epoch is not used.</param>
/// <param name="usableUntil">When it is no longer used, by the tier's clock.</param>
/// <param name="endsAt">
/// When the entry expires in Redis, by the tier's clock. <see cref="long.MaxValue"/> for an entry that never expires.
/// </param>
internal sealed class LocalEntry(byte[] bytes, EntryKind kind, ResponseDescription? description, long epoch, long usableUntil, long endsAt)
{
    // Two objects, the headers of key and bytes, the nodes of both maps and of the queues: 304 bytes as measured.
    private const int Overhead = 320;

    public byte[] Bytes { get; } = bytes;

    public EntryKind Kind { get; } = kind;

    public ResponseDescription? Description { get; } = description;

    public long Epoch { get; } = epoch;

    public long UsableUntil { get; } = usableUntil;

    public long EndsAt { get; } = endsAt;

    /// <summary>When it was last used, by the tier's clock. It is approximate with concurrent uses.</summary>
    public long UsedAt { get; set; }

    public TimeSpan? LeftAt(long now) => EndsAt == long.MaxValue ? null : TimeSpan.FromTicks((EndsAt - now) * TimeSpan.TicksPerMillisecond);

    /// <summary>How much memory it takes, with its key.</summary>
    public static long Weigh(string key, int length) => Overhead + (sizeof(char) * key.Length) + length;
}
