namespace RedisResilience.Caching.Entries;

/// <summary>The kinds of bytes that a key can hold.</summary>
internal enum EntryKind
{
    /// <summary>A raw body: there is no header.</summary>
    Plain = 0,

    /// <summary>A header and the body that belongs to it.</summary>
    WithMetadata,

    // The others are misses, counted by their names and written over by the next fill.
    Truncated,
    OtherVersion,
    OtherKey,
    Damaged,

    /// <summary>Somebody else's: what may not be stored is not served either. Only its first bytes were read.</summary>
    TooLarge,
}
