namespace RedisResilience.Caching.Reading;

/// <summary>What a reader wants to know of an entry beside its header.</summary>
[Flags]
internal enum EntryParts
{
    None = 0,

    /// <summary>How long it has left to live.</summary>
    TimeToLive = 1,

    Body = 2,
}
