using System.Buffers.Binary;
using System.IO.Hashing;
using RedisResilience.Caching.Entries;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Reading;

/// <summary>
/// Decodes the bytes under a key, and remembers the result for the entries that were read last. It has a fixed number of places. The key
/// decides the place, so a new entry replaces the old one there.
/// </summary>
internal sealed class KnownEntries(string keyPrefix, int maximumEntrySize)
{
    private const int Capacity = 1024;

    // A smaller body is on its way as soon as its header.
    private const int SmallestLeftOut = 4096;

    private readonly KnownEntry?[] _entries = new KnownEntry?[Capacity];

    public KnownEntry? Find(string key) => Volatile.Read(ref PlaceOf(key)) is { } entry && entry.Key == key ? entry : null;

    public void Forget(string key) => Volatile.Write(ref PlaceOf(key), null);

    public KnownEntry Keep(KnownEntry entry)
    {
        // What is longer is looked up in the bytes each time.
        if (entry.Description.Annotation.Length <= SourceResponse.MaximumAnnotationLength)
        {
            Volatile.Write(ref PlaceOf(entry.Key), entry);
        }

        return entry;
    }

    /// <param name="key">The entry's key.</param>
    /// <param name="payload">The bytes that were read.</param>
    /// <param name="isPlainDescribed">Whether a raw body is looked at, too. Other entries are in any case.</param>
    /// <param name="kind">The kind of entry.</param>
    /// <returns>Null for an entry that needs no description.</returns>
    public KnownEntry? Inspect(string key, in Payload payload, bool isPlainDescribed, out EntryKind kind)
    {
        var bytes = payload.Bytes.Span;
        var header = default(EntryHeader);
        kind = bytes.Length > maximumEntrySize ? EntryKind.TooLarge
            : EntryWriter.CanBePlain(bytes) ? EntryKind.Plain
            : EntryReader.Read(bytes, EntryKey.Hash(keyPrefix, key), out header);
        kind.Record();

        if (!payload.Exists || !kind.IsReadable() || (kind == EntryKind.Plain && !isPlainDescribed))
        {
            return null;
        }

        // The header's checksum goes over a number that is drawn for each entry that is written.
        var fingerprint = kind == EntryKind.Plain
            ? XxHash3.HashToUInt64(bytes)
            : BinaryPrimitives.ReadUInt64LittleEndian(bytes[EntryFormat.HeaderHashAt..]);
        if (Find(key) is { } known && known.Fingerprint == fingerprint)
        {
            return known;
        }

        var description = kind == EntryKind.Plain
            ? new ResponseDescription { BodyETag = BodyTag.Of(fingerprint) }
            : ResponseDescription.Of(header, payload.Bytes);
        return Keep(new KnownEntry(key, fingerprint, description, HeadLength(kind, header)));
    }

    private static int HeadLength(EntryKind kind, in EntryHeader header) =>
        kind == EntryKind.WithMetadata && header.BodyLength >= SmallestLeftOut ? header.BodyAt : 0;

    private ref KnownEntry? PlaceOf(string key) => ref _entries[string.GetHashCode(key, StringComparison.Ordinal) & (Capacity - 1)];
}
