using CsCheck;
using RedisResilience.Caching.Entries;

namespace RedisResilience.Tests.Caching.Entries;

/// <summary>A million inputs in the long run: noise, noise behind a good beginning, and good entries with something wrong.</summary>
internal sealed class EntryFuzzTests
{
    private static readonly Gen<byte[]> Noise = Gen.Byte.Array[0, 300];

    [Test]
    public void Noise_IsNeverAnEntry_AndNeverThrows() => Noise.Sample(Reads_Unreadable_OrPlain, iter: Rounds.Of(20_000, 250_000));

    [Test]
    public void NoiseBehindAGoodBeginning_IsNeverAnEntry_AndNeverThrows() => Noise.Sample(
        noise => Reads_Unreadable_OrPlain([EntryFormat.Marker, EntryFormat.Version, .. noise]), iter: Rounds.Of(10_000, 250_000));

    [Test]
    public void ChangedByte_IsNoticed() => Gen.Select(EntrySamples.Written, Gen.Int, Gen.Byte[1, 255]).Sample(
        (entry, position, change) =>
        {
            entry[(int)((uint)position % entry.Length)] ^= change;
            Reads_Unreadable_OrPlain(entry);
        },
        iter: Rounds.Of(10_000, 300_000));

    [Test]
    public void MissingOrAddedBytes_AreNoticed() => Gen.Select(EntrySamples.Written, Gen.Int, Noise).Sample(
        (entry, position, more) =>
        {
            Reads_Unreadable_OrPlain(entry[..(int)((uint)position % entry.Length)]);
            Reads_Unreadable_OrPlain([.. entry, .. more, 0]);
        },
        iter: Rounds.Of(5_000, 100_000));

    /// <summary>A checksum shows accidents, not intent: whoever computes it too must still not lead the reader out of the entry.</summary>
    [Test]
    public void ChangedHeaderWithAGoodChecksum_NeverThrows() =>
        Gen.Select(EntrySamples.Written, Gen.Int[2, EntryFormat.HeaderHashAt - 1].Array[1, 8], Gen.Byte).Sample(
        (entry, positions, change) =>
        {
            foreach (var position in positions)
            {
                entry[position] ^= change;
            }

            var bodyAt = new EntryHeader(entry).BodyAt;
            if (bodyAt <= entry.Length)
            {
                BitConverter.TryWriteBytes(entry.AsSpan(EntryFormat.HeaderHashAt), EntryChecksum.Compute(entry.AsSpan(0, bodyAt)));
            }

            ReadAll(entry, BitConverter.ToUInt64(entry, EntryFormat.KeyHashAt));
        },
        iter: Rounds.Of(10_000, 100_000));

    [Test]
    public void EntryUnderAnotherKey_IsNotRead()
    {
        var entry = EntrySamples.Write(new EntryMetadata { Created = DateTimeOffset.UnixEpoch }, [1, 2, 3]);
        Assert.That(
            EntryReader.Read(entry, EntryKey.Hash(EntrySamples.Prefix, "predictions:v1:MSFT"), out _), Is.EqualTo(EntryKind.OtherKey));
    }

    [Test]
    public void OtherVersion_IsSaidToBeOne()
    {
        var entry = EntrySamples.Write(new EntryMetadata { Created = DateTimeOffset.UnixEpoch }, [1, 2, 3]);
        entry[1] = EntryFormat.Version + 1;
        Assert.That(EntryReader.Read(entry, EntrySamples.KeyHash, out _), Is.EqualTo(EntryKind.OtherVersion));
    }

    private static void Reads_Unreadable_OrPlain(byte[] bytes)
    {
        var kind = ReadAll(bytes, EntrySamples.KeyHash);
        var isPlain = bytes is [] or [not EntryFormat.Marker, ..];
        Assert.That(kind, isPlain ? Is.EqualTo(EntryKind.Plain) : Is.Not.EqualTo(EntryKind.Plain).And.Not.EqualTo(EntryKind.WithMetadata));
    }

    private static EntryKind ReadAll(byte[] bytes, ulong keyHash)
    {
        EntryReader.ReadHeader(bytes, keyHash, out _);
        var kind = EntryReader.Read(bytes, keyHash, out var header);
        if (kind == EntryKind.WithMetadata)
        {
            _ = (header.Created, header.FreshFor, header.TimeToLive, header.LoadCost);
            _ = header.ContentType(bytes).Length + header.EntityTag(bytes).Length + header.Annotation(bytes).Length;
            Assert.That(header.Tags(bytes).AreWhole(), Is.True);
            Assert.That(bytes.Length, Is.EqualTo(header.BodyAt + header.BodyLength));
        }

        return kind;
    }
}
