using RedisResilience.Caching.Entries;

namespace RedisResilience.Caching.Reading;

/// <summary>The decoded properties of an entry, for later reads of the same bytes.</summary>
/// <param name="Key">The entry's key.</param>
/// <param name="Fingerprint">Distinguishes its bytes from those of another entry.</param>
/// <param name="Description">The description of the body.</param>
/// <param name="HeadLength">How many of its first bytes say all but the body; 0 when the body is too small to be left out.</param>
internal sealed record KnownEntry(string Key, ulong Fingerprint, ResponseDescription Description, int HeadLength)
{
    // What the server has said is good for a second: somebody may have given the key another end.
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(1);

    /// <summary>How long the entry had left to live when that was asked. Null for one without an end, or when it was not asked.</summary>
    public TimeSpan? Left { get; init; }

    /// <summary>When it was asked: before the question was sent, so that what is said to be left later is never too much. Null when it was
    /// not answered.</summary>
    public long? AskedAt { get; init; }

    /// <summary>Whether the server need not be asked again; and if so, how long is left.</summary>
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
