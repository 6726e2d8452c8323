using MongoDB.Bson;

namespace RedisResilience.Mongo.Tests.Json;

/// <summary>Documents that are not as they should be, or too deep.</summary>
internal sealed class MalformedBsonTests
{
    [TestCase(2)]
    [TestCase(4)]
    [TestCase(-1)]
    [TestCase(int.MinValue)]
    public void OldBinary_WhoseLengthsDisagree_IsRefused(int inner)
    {
        byte[] bson = [0, 0, 0, 0, 0x05, .. "b\0"u8, 7, 0, 0, 0, 2, .. BitConverter.GetBytes(inner), 1, 2, 3, 0];
        bson[0] = (byte)bson.Length;

        Assert.That(() => Written.ByUs(bson), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void OldBinary_WithoutRoomForItsLength_IsRefused()
    {
        byte[] bson = [0, 0, 0, 0, 0x05, .. "b\0"u8, 3, 0, 0, 0, 2, 1, 2, 3, 0];
        bson[0] = (byte)bson.Length;

        Assert.That(() => Written.ByUs(bson), Throws.TypeOf<FormatException>());
    }

    [TestCase(200)]
    [TestCase(50)]
    public void DeepNesting_IsWritten(int depth) => Assert.That(() => Written.Normal(Written.ByUs(NestedBson(depth))), Throws.Nothing);

    [TestCase(201)]
    [TestCase(100_000)]
    public void TooDeepNesting_IsRefused(int depth) => Assert.That(() => Written.ByUs(NestedBson(depth)), Throws.TypeOf<FormatException>());

    [Test]
    public void BrokenUtf8_IsRefused([Values] bool inName)
    {
        var bson = new BsonDocument("name", "text").ToBson();
        bson.AsSpan(bson.AsSpan().IndexOf(inName ? "name"u8 : "text"u8))[0] = 0xFF;

        Assert.That(() => Written.ByUs(bson), Throws.TypeOf<FormatException>().With.Message.Contains("UTF-8"));
    }

    private static byte[] NestedBson(int depth)
    {
        // Every level is "d", a document, around the next one; the driver refuses to build so many.
        var size = 5 + ((depth - 1) * 8);
        var bson = new byte[size];
        var at = 0;
        for (var level = 1; level < depth; level++, at += 7)
        {
            BitConverter.TryWriteBytes(bson.AsSpan(at), size - (8 * (level - 1)));
            bson[at + 4] = 3;
            bson[at + 5] = (byte)'d';
        }

        BitConverter.TryWriteBytes(bson.AsSpan(at), 5);
        return bson;
    }
}
