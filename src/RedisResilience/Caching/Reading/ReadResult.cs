using RedisResilience.Gateway;

namespace RedisResilience.Caching.Reading;

/// <summary>The result of a read: the entry, and whether it is fresh, stale or of no use.</summary>
/// <param name="State">Whether the entry is fresh, stale or of no use.</param>
/// <param name="Response">The response, with its buffer, for the states that can be served.</param>
/// <param name="ExpectedHeader">The first bytes of an entry that must be replaced.</param>
/// <param name="Fault">Why the store did not answer.</param>
internal readonly record struct ReadResult(
    EntryState State, CachedResponse Response = default, ReadOnlyMemory<byte> ExpectedHeader = default, Fault Fault = Fault.None)
{
    /// <summary>The key under which the store has the entry, by the version of its namespace.</summary>
    public string Key { get; init; } = "";

    public bool IsServable => State is EntryState.Fresh or EntryState.DueForRefresh or EntryState.Stale;
}
