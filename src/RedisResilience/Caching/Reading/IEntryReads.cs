using RedisResilience.Gateway;

namespace RedisResilience.Caching.Reading;

/// <summary>Reads entries from a store.</summary>
internal interface IEntryReads
{
    /// <summary>Whether the store is known not to answer at present.</summary>
    bool IsAway { get; }

    /// <summary>Reads an entry.</summary>
    ValueTask<Answer<StoredEntry>> ReadAsync(in EntryRead read);
}
