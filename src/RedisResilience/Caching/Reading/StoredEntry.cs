using RedisResilience.Caching.Entries;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Reading;

/// <summary>The bytes that a read found under a key.</summary>
/// <param name="Payload">The bytes, or none. Its owner belongs to this one reader, who may dispose it more than once.</param>
/// <param name="TimeToLive">
/// How long the key has left to live. Null when it was not asked for, when it is not known, and when the key never expires.
/// </param>
/// <param name="Kind">The kind of entry. It is checked once for all callers who share the read.</param>
/// <param name="Description">
/// The description of the body in the entry's header, if it was decoded for all callers who share the read.
/// </param>
/// <param name="IsHead">Whether the bytes are only the header, because the callers have the body.</param>
internal readonly record struct StoredEntry(
    Payload Payload, TimeSpan? TimeToLive, EntryKind Kind, ResponseDescription? Description = null, bool IsHead = false);
