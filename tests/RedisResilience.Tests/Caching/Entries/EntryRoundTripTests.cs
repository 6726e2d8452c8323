using System.Text;
using CsCheck;
using RedisResilience.Caching;
using RedisResilience.Caching.Entries;

namespace RedisResilience.Tests.Caching.Entries;

internal sealed class EntryRoundTripTests
{
    [Test]
    public void WhatIsWritten_IsRead() => Gen.Select(EntrySamples.Metadata, EntrySamples.Bodies).Sample(
        (metadata, body) =>
        {
            var entry = EntrySamples.Write(metadata, body);
            Assert.That(EntryReader.Read(entry, EntrySamples.KeyHash, out var header), Is.EqualTo(EntryKind.WithMetadata));
            AssertSame(metadata, header, entry);
            Assert.That(entry[header.BodyAt..], Is.EqualTo(body));
            Assert.That(
                header.OriginalLength, Is.EqualTo(metadata.Encoding == ContentEncoding.Identity ? body.Length : metadata.OriginalLength));
        },
        iter: Rounds.Of(5_000, 100_000));

    [Test]
    public void BodyWithoutHeader_IsPlain() => EntrySamples.Bodies.Where(body => EntryWriter.CanBePlain(body)).Sample(
        body => Assert.That(EntryReader.Read(body, EntrySamples.KeyHash, out _), Is.EqualTo(EntryKind.Plain)),
        iter: Rounds.Of(5_000, 100_000));

    [Test]
    public void Marker_BeginsNothingThatIsUsuallyCached()
    {
        string[] texts =
            ["{}", "[1]", "\"x\"", "-1", "0", "9", "true", "false", "null", " 1", "\t1", "\r1", "\n1",
            "<html>", "é", "鍵", "🔑", "\ufeff{}"];
        byte[][] others = [[0x1F, 0x8B], [0xEF, 0xBB, 0xBF], [0xFE, 0xFF], [0xFF, 0xFE], [0x89, 0x50], [0xFF, 0xD8], [0x28, 0xB5], []];
        foreach (var body in texts.Select(Encoding.UTF8.GetBytes).Concat(others))
        {
            Assert.That(EntryWriter.CanBePlain(body), Is.True);
        }

        // No character of UTF-8 has this byte anywhere.
        Assert.That(() => new UTF8Encoding(
            false, throwOnInvalidBytes: true).GetString([EntryFormat.Marker, 0x80]), Throws.InstanceOf<DecoderFallbackException>());
    }

    [Test]
    public void Layout_IsTheOneOfThePage()
    {
        var entry = EntrySamples.Write(
            new EntryMetadata
            {
                Created = DateTimeOffset.FromUnixTimeMilliseconds(0x0102030405),
                FreshFor = TimeSpan.FromMilliseconds(60_000),
                TimeToLive = TimeSpan.FromMilliseconds(90_000),
                LoadCost = TimeSpan.FromMilliseconds(1),
                IsNegative = true,
                ContentType = "text/plain",
                EntityTag = "\"x\"",
                Annotation = new byte[] { 0xAA, 0xBB },
                Tags = new EntryTag[] { new("tech", 7) },
            },
            "body"u8.ToArray());
        const string beforeNonce = "C1 01 01 00  02 00 0A 00"; // marker, version, flags, coding; lengths of annotation and content type
        const string behindNonce =
            "03 00 01 00  0E 00 00 00" + // length of the entity tag; number and length of tags
            "04 00 00 00  04 00 00 00  E8 03 00 00  00 00 00 00" + // lengths of the body, stored and not coded; load cost; nothing
            "05 04 03 02 01 00 00 00   60 EA 00 00 00 00 00 00" + // created, fresh for
            "90 5F 01 00 00 00 00 00"; // lives for
        Assert.That(Convert.ToHexString(entry[..8]), Is.EqualTo(beforeNonce.Replace(" ", "", StringComparison.Ordinal)));
        Assert.That(Convert.ToHexString(entry[16..64]), Is.EqualTo(behindNonce.Replace(" ", "", StringComparison.Ordinal)));
        Assert.That(Convert.ToHexString(entry[88..]), Is.EqualTo(Convert.ToHexString(
            [.. "text/plain\"x\""u8, 0xAA, 0xBB, 7, 0, 0, 0, 0, 0, 0, 0, 4, 0, .. "techbody"u8])));
    }

    [Test]
    public void Header_IsReadWithoutItsBody()
    {
        var entry = EntrySamples.Write(
            new EntryMetadata { Created = DateTimeOffset.UnixEpoch, ContentType = "text/plain" }, new byte[1000]);
        Assert.That(EntryReader.ReadHeader(entry.AsSpan(0, 100), EntrySamples.KeyHash, out var header), Is.EqualTo(EntryKind.WithMetadata));
        Assert.That(header.BodyLength, Is.EqualTo(1000));
    }

    private static void AssertSame(EntryMetadata expected, EntryHeader actual, byte[] entry)
    {
        Assert.That(actual.Created, Is.EqualTo(expected.Created));
        Assert.That(actual.FreshFor, Is.EqualTo(expected.FreshFor));
        Assert.That(actual.TimeToLive, Is.EqualTo(expected.TimeToLive));
        Assert.That(actual.LoadCost, Is.EqualTo(expected.LoadCost));
        Assert.That(actual.IsNegative, Is.EqualTo(expected.IsNegative));
        Assert.That(actual.Encoding, Is.EqualTo(expected.Encoding));
        Assert.That(Encoding.UTF8.GetString(actual.ContentType(entry)), Is.EqualTo(expected.ContentType));
        Assert.That(Encoding.UTF8.GetString(actual.EntityTag(entry)), Is.EqualTo(expected.EntityTag));
        Assert.That(actual.Annotation(entry).ToArray(), Is.EqualTo(expected.Annotation.ToArray()));
        var tags = actual.Tags(entry);
        foreach (var tag in expected.Tags.Span)
        {
            Assert.That(tags.TryNext(out var name, out var version), Is.True);
            Assert.That(new EntryTag(Encoding.UTF8.GetString(name), version), Is.EqualTo(tag));
        }

        Assert.That(tags.TryNext(out _, out _), Is.False);
    }
}
