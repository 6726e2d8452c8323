using RedisResilience.Caching.Stores;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Reading;

/// <summary>What a caller wants to read, and since when it has waited.</summary>
/// <param name="Key">The entry's key, as the application has it.</param>
/// <param name="StartedAt">When the request began.</param>
/// <param name="IsFirst">Whether nothing has been asked of the store for this request.</param>
/// <param name="CancellationToken">Ends the wait.</param>
internal readonly record struct EntryRead(string Key, long StartedAt, bool IsFirst, CancellationToken CancellationToken)
{
    /// <summary>Whether it is to be told how long the entry has left to live.</summary>
    public bool WithTimeToLive { get; init; }

    /// <summary>The entity tags of what the caller holds already; null when it holds nothing.</summary>
    public string? HeldTags { get; init; }

    /// <summary>Sends the read. All that a request asks of the store ends within one deadline of its start.</summary>
    public ValueTask<Answer<StoredEntry>> From(IEntryStore store, string whole)
    {
        store = IsFirst ? store : store.Since(StartedAt);
        return HeldTags is { } tags
            ? store.ReadUnlessHeldAsync(whole, tags, CancellationToken)
            : store.ReadAsync(whole, WithTimeToLive, CancellationToken);
    }
}
