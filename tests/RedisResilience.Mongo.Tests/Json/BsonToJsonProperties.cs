using CsCheck;
using MongoDB.Bson;

namespace RedisResilience.Mongo.Tests.Json;

internal sealed class BsonToJsonProperties
{
    private static readonly int Times = Environment.GetEnvironmentVariable("REDISRESILIENCE_LONG") == "1" ? 100 : 1;

    [Test]
    public void AnyDocument_IsWhatTheDriverWrites() => Documents.Any.Sample(
        document => Assert.That(Written.Normal(Written.ByUs(document)), Is.EqualTo(Written.Normal(Written.ByTheDriver(document)))),
        iter: 3000 * Times,
        print: document => Convert.ToHexString(document.ToBson()));

    [Test]
    public void DamagedDocument_IsJsonOrAFormatException() =>
        Gen.Select(Documents.Any, Gen.Select(Gen.Int[0, 1 << 20], Gen.Byte).Array[1, 4], Gen.Int[0, 3]).Sample(
        (document, damages, cut) =>
        {
            var bson = document.ToBson();
            foreach (var (position, value) in damages)
            {
                bson[position % bson.Length] = value;
            }

            AssertJsonOrFormatException(bson.AsSpan(0, Math.Max(0, bson.Length - cut)));
        },
        iter: 10_000 * Times);

    [Test]
    public void Noise_IsJsonOrAFormatException() => Gen.Byte.Array[0, 64].Sample(
        noise =>
        {
            AssertJsonOrFormatException(noise);

            // And with a frame that is right, so that the inside is reached.
            AssertJsonOrFormatException([.. BitConverter.GetBytes(noise.Length + 5), .. noise, 0]);
        },
        iter: 10_000 * Times);

    private static void AssertJsonOrFormatException(ReadOnlySpan<byte> bson)
    {
        string json;
        try
        {
            json = Written.ByUs(bson);
        }
        catch (FormatException)
        {
            return;
        }

        Assert.That(() => Written.Normal(json), Throws.Nothing);
    }
}
