using System.IO.Compression;
using System.Text;
using CsCheck;
using RedisResilience.Caching;
using RedisResilience.Caching.Entries;

namespace RedisResilience.Tests.Caching.Entries;

internal sealed class BodyCompressionTests
{
    private const int Maximum = 100_000;

    private static readonly byte[] Json = Encoding.UTF8.GetBytes(
        "[" + string.Join(',', Enumerable.Range(0, 500).Select(index => $"{{\"month\":\"2010-03\",\"price\":{index}.5}}")) + "]");

    [Test]
    public void WhatIsCoded_IsDecoded() => Gen.Char['a', 'd'].Array[200, 5_000].Sample(
        text =>
        {
            var body = Encoding.UTF8.GetBytes(text);
            using var coded = BodyCompression.TryCompress(body, CompressionLevel.Optimal)!;
            using var decoded = BodyCompression.TryInflate(coded.Memory, ContentEncoding.Brotli, body.Length, Maximum)!;
            Assert.That(decoded.Memory.ToArray(), Is.EqualTo(body));
        },
        iter: Rounds.Of(200, 20_000));

    [Test]
    public void BodyThatDoesNotGetSmaller_IsLeftAsItIs([Values(0, 1, 10, 5_000)] int length)
    {
        var body = new byte[length];
        new Random(1).NextBytes(body);
        Assert.That(BodyCompression.TryCompress(body, CompressionLevel.Optimal), Is.Null);
    }

    [Test]
    public void EveryLevel_CodesWhatCanBeDecoded()
    {
        CompressionLevel[] levels = [CompressionLevel.Fastest, CompressionLevel.Optimal, CompressionLevel.SmallestSize];
        var lengths = levels.Select(level =>
        {
            using var coded = BodyCompression.TryCompress(Json, level)!;
            using var decoded = BodyCompression.TryInflate(coded.Memory, ContentEncoding.Brotli, Json.Length, Maximum)!;
            Assert.That(decoded.Memory.Span.SequenceEqual(Json), Is.True);
            return coded.Memory.Length;
        }).ToArray();
        Assert.That(lengths, Has.All.LessThan(Json.Length / 2));
    }

    [Test]
    public void Gzip_IsDecodedToo()
    {
        using var decoded = BodyCompression.TryInflate(Gzip(Json), ContentEncoding.Gzip, Json.Length, Maximum)!;
        Assert.That(decoded.Memory.ToArray(), Is.EqualTo(Json));
    }

    [TestCase(ContentEncoding.Brotli)]
    [TestCase(ContentEncoding.Gzip)]
    public void UnknownLength_IsFound(ContentEncoding encoding)
    {
        using var decoded = BodyCompression.TryInflate(Code(Json, encoding), encoding, originalLength: 0, Maximum)!;
        Assert.That(decoded.Memory.ToArray(), Is.EqualTo(Json));
    }

    [TestCase(ContentEncoding.Brotli)]
    [TestCase(ContentEncoding.Gzip)]
    public void Bomb_IsNotDecodedBeyondTheBound(ContentEncoding encoding)
    {
        var bomb = Code(new byte[50_000_000], encoding);
        Assert.That(bomb.Length, Is.LessThan(Maximum));
        Assert.That(BodyCompression.TryInflate(bomb, encoding, originalLength: 0, Maximum), Is.Null);
        Assert.That(BodyCompression.TryInflate(bomb, encoding, originalLength: 1_000, Maximum), Is.Null, "it lies about its length");
        Assert.That(
            BodyCompression.TryInflate(bomb, encoding, originalLength: 50_000_000, Maximum), Is.Null, "it is honest, and too large");
    }

    /// <summary>It would be looked for with twice the room again and again, which is none.</summary>
    [TestCase(ContentEncoding.Brotli)]
    [TestCase(ContentEncoding.Gzip)]
    public void NoBytes_AreNoBody(ContentEncoding encoding) =>
        Assert.That(BodyCompression.TryInflate(default, encoding, originalLength: 0, Maximum), Is.Null);

    [TestCase(ContentEncoding.Brotli)]
    [TestCase(ContentEncoding.Gzip)]
    public void DamagedBytes_AreNoBody_AndNeverThrow(ContentEncoding encoding)
    {
        var coded = Code(Json, encoding);
        Gen.Select(Gen.Int[0, coded.Length - 1], Gen.Byte[1, 255], Gen.Bool).Sample(
            (position, change, isCut) =>
            {
                var damaged = isCut ? coded[..position] : (byte[])coded.Clone();
                if (!isCut)
                {
                    damaged[position] ^= change;
                }

                // Neither format notices every change: that is what the entry's hash is for.
                using var decoded = BodyCompression.TryInflate(damaged, encoding, Json.Length, Maximum);
                Assert.That(decoded?.Memory.Length, Is.Null.Or.EqualTo(Json.Length));
            },
            iter: Rounds.Of(2_000, 100_000));
    }

    private static byte[] Code(byte[] body, ContentEncoding encoding)
    {
        if (encoding == ContentEncoding.Gzip)
        {
            return Gzip(body);
        }

        using var coded = BodyCompression.TryCompress(body, CompressionLevel.Optimal)!;
        return coded.Memory.ToArray();
    }

    private static byte[] Gzip(byte[] body)
    {
        using var coded = new MemoryStream();
        using (var gzip = new GZipStream(coded, CompressionLevel.Optimal))
        {
            gzip.Write(body);
        }

        return coded.ToArray();
    }
}
