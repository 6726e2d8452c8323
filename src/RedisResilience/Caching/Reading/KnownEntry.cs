namespace RedisResilience.Caching.Reading;

/// <summary>What was found out about an entry when it was read, for the next reads of the same bytes.</summary>
/// <param name="Key">The entry's key.</param>
/// <param name="Fingerprint">Tells its bytes from those of another entry.</param>
/// <param name="Description">What is known beside the bytes.</param>
/// <param name="Life">How long it had left to live, if that was asked.</param>
/// <param name="HeadLength">How many of its first bytes say all but the body; 0 when the body is too small to be left out.</param>
internal sealed record KnownEntry(string Key, ulong Fingerprint, ResponseDescription Description, KnownLife Life, int HeadLength);
