using CsCheck;
using MongoDB.Bson;

namespace RedisResilience.Mongo.Tests.Json;

/// <summary>Documents with values of every type, nested a little.</summary>
internal static class Documents
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char.AlphaNumeric, 0, 12], Gen.String[0, 20].Select(Wellformed), Gen.Const("é\u0000€🔑\u2028</\"\\\n"));

    private static readonly Gen<string> Name = Gen.OneOf(
        Gen.String[Gen.Char.AlphaNumeric, 1, 8], Text.Select(text => text.Replace("\0", "", StringComparison.Ordinal)));

    private static readonly Gen<BsonValue> Scalar = Gen.OneOf(
        Text.Select(text => (BsonValue)text),
        Gen.Int.Select(value => (BsonValue)value),
        Gen.Long.Select(value => (BsonValue)value),
        Gen.Double.Select(value => (BsonValue)value),
        Gen.Double[-1000, 1000].Select(value => (BsonValue)Math.Round(value)),
        Pick(
            0,
            -0.0,
            1e15,
            1e16,
            123456789012345680,
            double.MaxValue,
            double.Epsilon,
            double.NaN,
            double.PositiveInfinity,
            double.NegativeInfinity).Select(value => (BsonValue)value),
        Gen.Bool.Select(value => (BsonValue)value),
        Gen.Const((BsonValue)BsonNull.Value),
        Gen.Const((BsonValue)BsonUndefined.Value),
        Gen.Const((BsonValue)BsonMinKey.Value),
        Gen.Const((BsonValue)BsonMaxKey.Value),

        Gen.Long[-62135596800000, 253402300799999].Select(value => (BsonValue)new BsonDateTime(value)),
        Gen.Long[-62135596800, 253402300799].Select(value => (BsonValue)new BsonDateTime(value * 1000)),
        Gen.Long.Select(value => (BsonValue)new BsonDateTime(value)),
        Gen.Byte.Array[12].Select(value => (BsonValue)new ObjectId(value)),
        Gen.Select(Gen.ULong, Gen.ULong).Select((high, low) => (BsonValue)new BsonDecimal128(Decimal128.FromIEEEBits(Usual(high), low))),
        Gen.Decimal.Select(value => (BsonValue)new BsonDecimal128(value)),
        Gen.Select(Gen.Byte.Array[0, 20], Pick<byte>(0, 1, 5, 128)).Select(
            (bytes, subtype) => (BsonValue)new BsonBinaryData(bytes, (BsonBinarySubType)subtype)),
        Gen.Guid.Select(value => (BsonValue)new BsonBinaryData(value, GuidRepresentation.Standard)),
        Name.Select(pattern => (BsonValue)new BsonRegularExpression(pattern, "i")),
        Text.Select(code => (BsonValue)new BsonJavaScript(code)),
        Text.Select(code => (BsonValue)new BsonJavaScriptWithScope(code, new BsonDocument("a", 1))),
        Text.Select(name => (BsonValue)BsonSymbol.Create(name)),
        Gen.Long.Select(value => (BsonValue)new BsonTimestamp(value)));

    public static Gen<BsonDocument> Any { get; } = Nested(3);

    private static Gen<BsonDocument> Nested(int depth)
    {
        var value = depth == 0
            ? Scalar
            : Gen.Frequency((6, Scalar), (1, Nested(depth - 1).Select(
                document => (BsonValue)document)), (1, Scalar.Array[0, 4].Select(values => (BsonValue)new BsonArray(values))));
        return Gen.Select(Name, value).Array[0, 6].Select(fields =>
        {
            var document = new BsonDocument(allowDuplicateNames: false);
            foreach (var (name, field) in fields)
            {
                document[name] = field;
            }

            return document;
        });
    }

    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    // The encoding that only holds significands that are too large: they count as zero, which the driver writes in a way of its own.
    private static ulong Usual(ulong high) =>
        (high & 0x6000_0000_0000_0000) == 0x6000_0000_0000_0000 && (high & 0x7800_0000_0000_0000) != 0x7800_0000_0000_0000
            ? high & ~0x2000_0000_0000_0000UL
            : high;

    private static string Wellformed(string text) => new([.. text.Where(one => !char.IsSurrogate(one))]);
}
