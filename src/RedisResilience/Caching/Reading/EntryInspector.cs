using System.Buffers.Binary;
using System.IO.Hashing;
using RedisResilience.Caching.Entries;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Reading;

/// <summary>Finds out what the bytes under a key are, and what of that is known already.</summary>
internal sealed class EntryInspector(string keyPrefix)
{
    // A smaller body is on its way as soon as its header.
    private const int SmallestLeftOut = 4096;

    private readonly KnownEntries _known = new();

    public KnownEntry? Known(string key) => _known.Find(key);

    public void Forget(string key) => _known.Forget(key);

    /// <param name="key">The entry's key.</param>
    /// <param name="payload">What was read under it.</param>
    /// <param name="isPlainDescribed">Whether a raw body is looked at, too. Other entries are in any case.</param>
    /// <param name="kind">What it is.</param>
    /// <returns>Null for what needs no description.</returns>
    public KnownEntry? Inspect(string key, in Payload payload, bool isPlainDescribed, out EntryKind kind)
    {
        var bytes = payload.Bytes.Span;
        kind = EntryKind.Plain;
        var header = default(EntryHeader);
        if (!EntryWriter.CanBePlain(bytes))
        {
            kind = EntryReader.Read(bytes, EntryKey.Hash(keyPrefix, key), out header);
            kind.Record();
        }

        if (!payload.Exists || !kind.IsReadable() || (kind == EntryKind.Plain && !isPlainDescribed))
        {
            return null;
        }

        // The header's checksum goes over a number that is drawn for each entry that is written.
        var fingerprint = kind == EntryKind.Plain
            ? XxHash3.HashToUInt64(bytes)
            : BinaryPrimitives.ReadUInt64LittleEndian(bytes[EntryFormat.HeaderHashAt..]);
        return _known.Find(key) is { } known && known.Fingerprint == fingerprint ? known
            : Keep(new KnownEntry(
                key, fingerprint, kind == EntryKind.Plain
                    ? Describe(fingerprint)
                    : ResponseDescription.Of(header, payload.Bytes), Life: default, HeadLength(kind, header)));
    }

    /// <summary>Remembers what the server said about an entry's life.</summary>
    public void Keep(KnownEntry entry, KnownLife life) => Keep(entry with { Life = life });

    private static int HeadLength(EntryKind kind, in EntryHeader header) =>
        kind == EntryKind.WithMetadata && header.BodyLength >= SmallestLeftOut ? header.BodyAt : 0;

    private KnownEntry Keep(KnownEntry entry)
    {
        _known.Keep(entry);
        return entry;
    }

    private static ResponseDescription Describe(ulong hash) => new() { BodyETag = BodyTag.Of(hash) };
}
