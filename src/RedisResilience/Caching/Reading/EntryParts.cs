namespace RedisResilience.Caching.Reading;

/// <summary>The parts of an entry that a reader needs besides its header.</summary>
[Flags]
internal enum EntryParts
{
    None = 0,

    /// <summary>How long it has left to live.</summary>
    TimeToLive = 1,

    Body = 2,
}
