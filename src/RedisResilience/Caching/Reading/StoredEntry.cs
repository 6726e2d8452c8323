using RedisResilience.Caching.Entries;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Reading;

/// <summary>The bytes that a read found under a key.</summary>
/// <param name="Payload">The bytes, or none. Its owner belongs to this one reader, who may dispose it more than once.</param>
/// <param name="TimeToLive">How long the key has left to live. Null when nobody asked, when it is not known, and when it has no
/// end.</param>
/// <param name="Kind">What the bytes are. Checked once for all who share the read.</param>
/// <param name="Description">What the entry's header says of the body, when it was read for all who share the read.</param>
/// <param name="IsHead">Whether the bytes are the header alone: whoever asked has the body.</param>
internal readonly record struct StoredEntry(
    Payload Payload, TimeSpan? TimeToLive, EntryKind Kind, ResponseDescription? Description = null, bool IsHead = false);
