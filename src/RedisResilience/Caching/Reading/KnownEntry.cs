using RedisResilience.Caching.Entries;

namespace RedisResilience.Caching.Reading;

/// <summary>The decoded properties of an entry, for later reads of the same bytes.</summary>
/// <param name="Key">The entry's key.</param>
/// <param name="Fingerprint">Distinguishes its bytes from those of another entry.</param>
/// <param name="Description">The description of the body.</param>
/// <param name="HeadLength">The length of the header. 0 when the body is too small to be left out.</param>
internal sealed record KnownEntry(string Key, ulong Fingerprint, ResponseDescription Description, int HeadLength)
{
    // What the server has said is good for a second: somebody may have given the key another end.
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(1);

    /// <summary>The time to live when it was asked for. Null for an entry that never expires, and when it was not asked for.</summary>
    public TimeSpan? Left { get; init; }

    /// <summary>
    /// The timestamp before that question was sent, so that the computed time left is never too long. Null when it was not answered.
    /// </summary>
    public long? AskedAt { get; init; }

    /// <summary>Whether the server need not be asked again, and the time left.</summary>
    public bool TryGetLeft(long now, TimeProvider timeProvider, out TimeSpan? left)
    {
        left = null;
        if (AskedAt is not { } askedAt || timeProvider.GetElapsedTime(askedAt, now) is var elapsed && elapsed > Memory)
        {
            return false;
        }

        left = Left - elapsed;
        return left is null || left > TimeSpan.Zero;
    }
}
